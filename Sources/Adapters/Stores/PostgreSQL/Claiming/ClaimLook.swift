internal import SagaEngine

/// Looks below the floors of claims (``ClaimFloors``) for sagas that were left behind.
///
/// Each look goes a few seconds back, where nearly all of them are, and then a stretch further, so that in turn
/// everything is looked at. How long a stretch takes depends on how many entries an old snapshot keeps in it, so
/// stretches become shorter when they take long: nothing waits for a look much longer than ``budget``.
struct ClaimLook {
    /// How far back every look goes.
    private static let recent = Span.seconds(5)
    /// How long a look goes on with stretches, in milliseconds.
    private static let budget: Int64 = 20
    private static let shortest = Span.seconds(1)
    private static let longest = Span.hours(24 * 365 * 100)

    private static let below = PostgresStatement(
        "claim_below",
        """
        SELECT f.flow, (SELECT r.ready FROM progress r WHERE r.flow = f.flow AND r.ready IS NOT NULL
                AND r.ready >= $3::bigint AND r.ready < least(f.floor, $4::bigint) ORDER BY r.ready LIMIT 1),
            (SELECT w.wake FROM progress w WHERE w.flow = f.flow AND w.wake IS NOT NULL
                AND w.wake >= $3::bigint >> 20 AND w.wake < least(f.floor, $4::bigint) >> 20 ORDER BY w.wake LIMIT 1)
        FROM unnest($1::bigint[], $2::bigint[]) AS f(flow, floor)
        """)

    /// Where the last stretch began; `nil` when everything was looked at.
    private var reached: Int64?
    private var stretch = ClaimLook.shortest

    /// Looks once, and lowers the floors to what was left behind.
    ///
    /// - Returns: whether anything was.
    mutating func look(on connection: PostgresConnection, for floors: ClaimFloors, at now: Timestamp) throws -> Bool {
        let known = floors.all
        guard !known.isEmpty else { return false }
        var places: [Int64: Int64] = [:]
        let start = ReadyPlace.first(at: now - Self.recent)
        try find(&places, of: known, from: start, until: .max, on: connection)
        let began = PostgresClock.monotonic
        var end = reached ?? start
        repeat {
            let before = PostgresClock.monotonic
            let from = begin(before: end)
            try find(&places, of: known, from: from, until: end, on: connection)
            adapt(PostgresClock.monotonic - before)
            end = from
        } while end > ClaimFloors.bottom && PostgresClock.monotonic - began < Self.budget
        reached = end > ClaimFloors.bottom ? end : nil
        floors.lower(places)
        floors.trust()
        return !places.isEmpty
    }

    private func begin(before end: Int64) -> Int64 {
        let moment = ReadyPlace.moment(of: end) - stretch
        return moment.milliseconds > 0 ? ReadyPlace.first(at: moment) : ClaimFloors.bottom
    }

    private mutating func adapt(_ took: Int64) {
        if took > Self.budget {
            stretch = max(Self.shortest, Span(milliseconds: stretch.milliseconds / 2))
        } else if took < Self.budget / 4 {
            stretch = min(Self.longest, Span(milliseconds: stretch.milliseconds * 4))
        }
    }

    private func find(
        _ places: inout [Int64: Int64], of known: [(flow: Int64, floor: Int64)], from: Int64, until: Int64,
        on connection: PostgresConnection
    ) throws {
        let result = try connection.run(
            Self.below, .numbers(known.map(\.flow)), .numbers(known.map(\.floor)), .bigint(from), .bigint(until))
        for row in result.rows {
            let woken = row.isNull(2) ? nil : ReadyPlace.first(at: row.timestamp(2))
            guard let place = [row.optionalInt64(1), woken].compactMap({ $0 }).min() else { continue }
            places[row.int64(0)] = min(places[row.int64(0)] ?? .max, place)
        }
    }
}

extension Timestamp {
    fileprivate static func - (moment: Timestamp, span: Span) -> Timestamp {
        moment + Span(milliseconds: -span.milliseconds)
    }
}
