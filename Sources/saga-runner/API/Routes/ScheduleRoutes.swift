internal import Adapters
internal import SagaEngine

/// What is started when, and what was started last.
enum ScheduleRoutes {
    static let all: [APIRoute] = [
        APIRoute(
            method: .get, path: "/api/v1/schedules", access: .role(.viewer), body: .none,
            summary: "Each schedule of the configuration: its terms, when it is due next, what it started last.",
            handle: list)
    ]

    private static func list(_ call: APICall) async throws -> APIReply {
        let book = ScheduleBook(in: call.service.store)
        let records = try await book.records()
        let now = call.service.store.clock.now()
        var rows: [JSONValue] = []
        for entry in call.service.config.schedules {
            let record = records.first { $0.name.rawValue.isSameBytes(as: entry.schedule.name.rawValue) }
            let last = try await book.newest(of: entry.schedule.name)
            rows.append(describe(entry, record, last, at: now))
        }
        return .data(.array(rows))
    }

    private static func describe(
        _ entry: RunnerConfig.ScheduleEntry, _ record: ScheduleRecord?, _ last: ScheduleFiring?, at now: Timestamp
    ) -> JSONValue {
        let schedule = entry.schedule
        let isOurs = record.map { $0.isOf(schedule) } ?? false
        let standing = !entry.isEnabled ? "off" : record == nil ? "starting" : isOurs ? "on" : "superseded"
        let next = isOurs && entry.isEnabled ? record.flatMap { schedule.timing.next(after: max($0.mark, now)) } : nil
        return .fields(
            ("name", .string(schedule.name.rawValue)), ("standing", .string(standing)),
            ("cron", .string(schedule.timing.cron.description)), ("zone", .string(schedule.timing.zone.name)),
            ("flow", .string("\(schedule.flow)")), ("catch_up", .string(schedule.catchUp.rawValue)),
            ("grace_ms", .count(schedule.grace.milliseconds)),
            ("since", isOurs ? record.map { .time($0.since) } : nil),
            ("next_at", next.map { .time($0.at) }), ("next_moment", next.map { .string($0.description) }),
            ("last_at", last.map { .time($0.at) }), ("last_moment", last.map { .string($0.moment.rawValue) }),
            ("last_saga", last.map { .string($0.saga.rawValue) }),
            ("last_state", last.map { .string(word(for: $0.state)) }),
            ("last_detail", last.flatMap { $0.detail.isEmpty ? nil : .string($0.detail) }))
    }

    private static func word(for state: ScheduleFiring.State) -> String {
        switch state {
        case .open: "decided"
        case .submitted: "started"
        case .refused: "refused"
        }
    }
}
