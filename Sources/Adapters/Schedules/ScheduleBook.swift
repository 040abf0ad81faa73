public import SagaEngine

/// Where it is kept how far each schedule was decided, so that runners decide about a moment once between them.
///
/// A decision is one transaction: the schedule's mark moves on from where it was read, and what is to be fired is
/// written down. Whoever finds the mark elsewhere has decided nothing and looks again.
public struct ScheduleBook: Sendable {
    /// How many firings that are over are kept for each schedule; they are only looked at.
    public static let kept = 100
    /// How many open firings are read at a time.
    public static let page = 100

    private let tables: any TableExecutor

    /// Keeps schedules in tables that exist.
    public init(in tables: any TableExecutor) {
        self.tables = tables
    }

    // MARK: Schedules

    /// All schedules that are in force, in order of their names.
    public func records() async throws -> [ScheduleRecord] {
        try await tables.read { connection in
            var records: [ScheduleRecord] = []
            try connection.forEachRow(
                """
                SELECT name, cron, zone, flow, input, catch_up, grace, since, revision, mark FROM schedule ORDER BY name
                """
            ) { row in
                records.append(
                    ScheduleRecord(
                        name: ByteText(row.text(0)), terms: ScheduleRecord.Terms(row, from: 1),
                        since: Timestamp(milliseconds: row.int64(7)), revision: row.int64(8),
                        mark: Timestamp(milliseconds: row.int64(9))))
            }
            return records
        }
    }

    /// Puts a schedule in force from a moment on; false when it is already.
    func begin(_ schedule: Schedule, at now: Timestamp) async throws -> Bool {
        let values =
            [.text(schedule.name.rawValue)] + ScheduleRecord.Terms(schedule).values
            + [.integer(now.milliseconds), .integer(now.milliseconds)]
        return try await tables.write(.sagas) { connection in
            try connection.run(
                """
                INSERT INTO schedule(name, cron, zone, flow, input, catch_up, grace, since, mark, revision)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT(name) DO NOTHING
                """, with: values) == 1
        }
    }

    /// Decides what a look at a schedule has found; false when somebody else has decided since the record was read.
    func decide(_ look: ScheduleLook, of schedule: Schedule, as record: ScheduleRecord, at now: Timestamp) async throws
        -> Bool
    {
        try await claim(look, of: schedule, as: record, at: now) { connection in
            try connection.run(
                "UPDATE schedule SET mark = ? WHERE name = ? AND since = ? AND revision = ? AND mark = ?",
                with: [.integer(look.mark.milliseconds)] + Self.place(of: record))
        }
    }

    /// Decides what the old terms of a schedule still bring, and puts new ones in force.
    ///
    /// With the same times it goes on from where it was; with others it begins anew.
    func change(
        _ record: ScheduleRecord, from old: Schedule?, _ look: ScheduleLook?, to new: Schedule, at now: Timestamp
    ) async throws -> Bool {
        let terms = ScheduleRecord.Terms(new)
        let isSame = terms.isSameTiming(as: record.terms)
        // What was decided by a clock that goes ahead is not decided again.
        let mark = isSame ? record.mark : max(now, record.mark)
        let since = isSame ? record.since : now
        return try await claim(look, of: old, as: record, at: now) { connection in
            try connection.run(
                """
                UPDATE schedule SET cron = ?, zone = ?, flow = ?, input = ?, catch_up = ?, grace = ?, since = ?,
                    mark = ?, revision = revision + 1
                WHERE name = ? AND since = ? AND revision = ? AND mark = ?
                """,
                with: terms.values + [.integer(since.milliseconds), .integer(mark.milliseconds)]
                    + Self.place(of: record))
        }
    }

    /// Decides what a schedule that is no more still brings, and forgets it.
    func end(_ record: ScheduleRecord, _ look: ScheduleLook?, of old: Schedule?, at now: Timestamp) async throws -> Bool
    {
        try await claim(look, of: old, as: record, at: now) { connection in
            try connection.run(
                "DELETE FROM schedule WHERE name = ? AND since = ? AND revision = ? AND mark = ?",
                with: Self.place(of: record))
        }
    }

    private static func place(of record: ScheduleRecord) -> [TableValue] {
        [
            .text(record.name.rawValue), .integer(record.since.milliseconds), .integer(record.revision),
            .integer(record.mark.milliseconds),
        ]
    }

    /// Moves a schedule on by a statement that changes one row or none, and writes down what is to be fired.
    private func claim(
        _ look: ScheduleLook?, of schedule: Schedule?, as record: ScheduleRecord, at now: Timestamp,
        _ move: @escaping @Sendable (any TableConnection) throws -> Int
    ) async throws -> Bool {
        try await tables.write(.sagas) { connection in
            try connection.atomically {
                guard try move(connection) == 1 else { return false }
                guard let look, let schedule else { return true }
                for moment in look.firings {
                    try connection.run(
                        """
                        INSERT INTO schedule_firing(schedule, moment, at, claimed, saga, flow, input, state, detail)
                        VALUES(?, ?, ?, ?, ?, ?, ?, 0, '') ON CONFLICT(schedule, moment) DO NOTHING
                        """, .text(record.name.rawValue), .text(moment.description), .integer(moment.at.milliseconds),
                        .integer(now.milliseconds), .text(schedule.saga(at: moment).rawValue),
                        .text(schedule.flow.description), .blob(schedule.input.bytes(at: moment)))
                }
                try connection.run(
                    """
                    DELETE FROM schedule_firing WHERE schedule = ?1 AND state <> 0 AND at < (SELECT min(at) FROM
                        (SELECT at FROM schedule_firing WHERE schedule = ?1 ORDER BY at DESC LIMIT ?2) AS newest)
                    """, .text(record.name.rawValue), .integer(Int64(Self.kept)))
                return true
            }
        }
    }

    // MARK: Firings

    /// The open firings behind another one, oldest first.
    func open(after last: ScheduleFiring?) async throws -> [ScheduleFiring] {
        try await firings(
            """
            state = 0 AND (at, schedule, moment) > (?, ?, ?) ORDER BY at, schedule, moment LIMIT ?
            """,
            .integer(last?.at.milliseconds ?? .min), .text(last?.schedule.rawValue ?? ""),
            .text(last?.moment.rawValue ?? ""), .integer(Int64(Self.page)))
    }

    /// The newest firing of a schedule; nil when it was never due.
    public func newest(of name: ScheduleName) async throws -> ScheduleFiring? {
        try await firings("schedule = ? ORDER BY at DESC, moment DESC LIMIT 1", .text(name.rawValue)).first
    }

    private func firings(_ which: String, _ values: TableValue...) async throws -> [ScheduleFiring] {
        try await tables.read { connection in
            var firings: [ScheduleFiring] = []
            try connection.forEachRow(
                "SELECT schedule, moment, at, claimed, saga, flow, input, state, detail FROM schedule_firing WHERE "
                    + which, with: values
            ) { row in
                guard let state = ScheduleFiring.State(rawValue: row.int64(7)) else {
                    throw StoreError(.corrupt, "a firing has the state \(row.int64(7))")
                }
                firings.append(
                    ScheduleFiring(
                        schedule: ByteText(row.text(0)), moment: ByteText(row.text(1)),
                        at: Timestamp(milliseconds: row.int64(2)), claimed: Timestamp(milliseconds: row.int64(3)),
                        saga: ByteText(row.text(4)), flow: ByteText(row.text(5)), input: row.blob(6), state: state,
                        detail: row.text(8)))
            }
            return firings
        }
    }

    /// Notes that the saga of a firing exists, or why it cannot be started.
    func settle(_ firing: ScheduleFiring, refused why: String? = nil) async throws {
        let state = why == nil ? ScheduleFiring.State.submitted : .refused
        _ = try await tables.write(.sagas) { connection in
            try connection.run(
                "UPDATE schedule_firing SET state = ?, detail = ? WHERE schedule = ? AND moment = ? AND state = 0",
                .integer(state.rawValue), .text(why ?? ""), .text(firing.schedule.rawValue),
                .text(firing.moment.rawValue))
        }
    }
}
