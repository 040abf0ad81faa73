/// A flow that is started again and again, and when.
public struct Schedule: Sendable {
    /// The most missed moments that ``CatchUp/all`` makes up for at a time.
    public static let mostMadeUpFor = 100
    /// How far back it is looked for missed moments: a leap year.
    public static let horizon = Span.hours(24 * 366)
    /// How long a moment may be waited for and still be on time, when nothing else is said.
    ///
    /// Longer than the clocks of two runners that are each five minutes wrong lie apart.
    public static let usualGrace = Span.minutes(15)
    /// The longest time that may be said instead.
    public static let longestGrace = Span.hours(1)

    /// Its name, for ever.
    public let name: ScheduleName
    /// When it is due.
    public let timing: ScheduleTiming
    /// The flow that is started.
    public let flow: FlowID
    /// What it is started with.
    public let input: ScheduleInput
    /// What becomes of moments that were missed.
    public let catchUp: CatchUp
    /// How long after its moment a firing is still on time and not missed.
    public let grace: Span

    /// Describes a schedule.
    public init(
        name: ScheduleName, timing: ScheduleTiming, flow: FlowID, input: ScheduleInput, catchUp: CatchUp = .last,
        grace: Span = usualGrace
    ) {
        self.name = name
        self.timing = timing
        self.flow = flow
        self.input = input
        self.catchUp = catchUp
        self.grace = grace
    }

    /// The saga that a moment starts: `schedule-NAME-2026-11-30T22:00+08:00`.
    public func saga(at moment: ScheduledMoment) -> SagaID {
        SagaID(trusted: "schedule-\(name)-\(moment)")
    }

    /// What is to be done at a moment about those after the one that was decided last; nil when none is due.
    public func look(after mark: Timestamp, at now: Timestamp) -> ScheduleLook? {
        let oldest = now + Span(milliseconds: -Self.horizon.milliseconds)
        let onTime = now + Span(milliseconds: -grace.milliseconds)
        var due: [ScheduledMoment] = []
        var missed: [ScheduledMoment] = []
        var passed = 0
        timing.forEachMoment(after: max(mark, oldest), through: now) { moment in
            if moment.at >= onTime {
                due.append(moment)
            } else {
                missed.append(moment)
            }
            if missed.count >= 2 * Self.mostMadeUpFor {
                passed += missed.count - Self.mostMadeUpFor
                missed.removeFirst(missed.count - Self.mostMadeUpFor)
            }
            return true
        }
        guard let newest = due.last ?? missed.last else { return nil }
        let limit =
            switch catchUp {
            case .skip: 0
            case .last: 1
            case .all: Self.mostMadeUpFor
            }
        let made = missed.suffix(limit)
        return ScheduleLook(
            firings: made + due, madeUpFor: made.count, passedOver: passed + missed.count - made.count,
            mark: newest.at)
    }
}

/// What a look at a schedule has found to be due.
public struct ScheduleLook: Sendable, Equatable {
    /// The moments that are to be fired, oldest first.
    public let firings: [ScheduledMoment]
    /// How many of them were missed and are made up for.
    public let madeUpFor: Int
    /// How many were missed and are not.
    public let passedOver: Int
    /// The newest moment that is decided with it.
    public let mark: Timestamp
}
