public import SagaEngine

/// What the table says of a schedule: what it is, since when, and how far it was decided.
public struct ScheduleRecord: Sendable, Equatable {
    /// Its name as stored.
    public let name: ByteText
    /// What it is.
    public let terms: Terms
    /// Since when it is due at these times.
    public let since: Timestamp
    /// How often what it is was changed.
    let revision: Int64
    /// The newest moment that was decided, or when it began.
    public let mark: Timestamp

    /// Whether it is of the same terms as a schedule.
    public func isOf(_ schedule: Schedule) -> Bool { terms == Terms(schedule) }

    /// What a schedule is, in texts that can be compared.
    public struct Terms: Sendable, Equatable {
        let cron: ByteText
        let zone: ByteText
        let flow: ByteText
        let input: [UInt8]
        let catchUp: ByteText
        let grace: Span

        /// The terms of a schedule.
        init(_ schedule: Schedule) {
            cron = ByteText(schedule.timing.cron.description)
            zone = ByteText(schedule.timing.zone.name)
            flow = ByteText(schedule.flow.description)
            input = schedule.input.template.bytes()
            catchUp = ByteText(schedule.catchUp.rawValue)
            grace = schedule.grace
        }

        init(_ row: any TableRow, from column: Int32) {
            cron = ByteText(row.text(column))
            zone = ByteText(row.text(column + 1))
            flow = ByteText(row.text(column + 2))
            input = row.blob(column + 3)
            catchUp = ByteText(row.text(column + 4))
            grace = Span(milliseconds: row.int64(column + 5))
        }

        /// Whether both are due at the same times.
        func isSameTiming(as other: Terms) -> Bool { cron == other.cron && zone == other.zone }

        var values: [TableValue] {
            [
                .text(cron.rawValue), .text(zone.rawValue), .text(flow.rawValue), .blob(input),
                .text(catchUp.rawValue), .integer(grace.milliseconds),
            ]
        }

        /// The schedule that they are of; nil when this program cannot read them any more.
        func schedule(named name: ByteText, zones: any ZoneSource) -> Schedule? {
            guard let name = ScheduleName(rawValue: name.rawValue), let zone = zones.zone(named: zone.rawValue),
                let flow = FlowID(flow.rawValue), let catchUp = CatchUp(rawValue: catchUp.rawValue)
            else { return nil }
            do {
                let timing = ScheduleTiming(cron: try CronExpression(cron.rawValue), zone: zone)
                let input = ScheduleInput(try JSONValue.parse(input))
                return Schedule(
                    name: name, timing: timing, flow: flow, input: input, catchUp: catchUp, grace: grace)
            } catch {
                return nil
            }
        }
    }
}

/// A firing that was decided, and what became of it.
public struct ScheduleFiring: Sendable, Equatable {
    /// The schedule's name.
    public let schedule: ByteText
    /// The local time and its offset.
    public let moment: ByteText
    /// When it is due.
    public let at: Timestamp
    /// When it was decided, by the clock of whoever did.
    public let claimed: Timestamp
    /// The saga that it starts.
    public let saga: ByteText
    /// The flow that it runs.
    public let flow: ByteText
    /// The saga's input.
    public let input: [UInt8]
    /// How far it has come.
    public let state: State
    /// Why it was refused.
    public let detail: String

    /// How far a firing has come.
    public enum State: Int64, Sendable, CaseIterable {
        /// It was decided and perhaps submitted.
        case open = 0
        /// Its saga exists.
        case submitted = 1
        /// Its saga cannot be started.
        case refused = 2
    }
}
