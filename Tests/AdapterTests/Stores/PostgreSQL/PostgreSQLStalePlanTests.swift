import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Plans are made once, and autovacuum may have counted the tables at a moment when nearly nothing was in them.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLStalePlanTests {
    private static let others = 5_000

    @Test func `plans made while one saga was there read no table whole once it is full`() async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        var configuration = try schema.configuration(clock: clock)
        configuration.application = schema.name
        let (store, other) = (try await PostgresStore.open(configuration), try await PostgresStore.open(configuration))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        _ = try await store.commit([.submit(try hand.seed("S-0"))], under: nil)
        try schema.run("ANALYZE")
        try await live("S-1", hand, other, under: lease)
        try fill(schema)
        try await live("S-2", hand, other, under: lease)
        await store.close()
        await other.close()
        for (table, rows) in try rowsRead(in: schema) where rows > Self.others / 10 {
            Issue.record("\(rows) rows of \(table) were read for the lives of two sagas")
        }
        try schema.drop()
    }

    /// Has a saga begin, go on, sleep, be changed by an operator elsewhere, be taken up again and end.
    private func live(
        _ id: String, _ hand: StoreHand, _ other: PostgresStore, under lease: Lease
    ) async throws {
        let store = hand.store
        _ = try await store.commit([.submit(try hand.seed(id))], under: nil)
        let number = try #require(try await store.row(of: try hand.id(id))).number
        var claim = try await take(number, hand, under: lease)
        for disposition in [Disposition.carryOn, .sleep(Wake(at: hand.clock.now()))] {
            let append = try await hand.append(to: id, claim, disposition)
            try expectAppended(try await store.commit([.append(append)], under: lease))
        }
        let row = try #require(try await other.row(of: try hand.id(id)))
        let told = Append(
            saga: claim.number, right: .version(row.sequence), entries: [],
            disposition: .sleep(Wake(at: hand.clock.now())), standing: Standing(status: .waiting))
        try expectAppended(try await other.commit([.append(told)], under: nil))
        claim = try await take(number, hand, under: lease)
        _ = try await store.load([claim])
        let end = try await hand.append(to: id, claim, .end(output: [49]))
        try expectAppended(try await store.commit([.append(end)], under: lease))
        _ = try await other.children(of: try hand.id(id), stage: StageName(rawValue: "fund"), after: nil, limit: 10)
    }

    /// Claims a saga, with whatever else can be claimed.
    private func take(_ number: SagaNumber, _ hand: StoreHand, under lease: Lease) async throws -> Claim {
        let request = ClaimRequest(limit: 10, flows: [StoreHand.flow])
        guard case .claimed(let claims) = try await hand.store.commit([.claim(request)], under: lease).first else {
            throw LawBroken("nothing is claimed")
        }
        return try #require(claims.first { $0.number == number })
    }

    private func expectAppended(_ results: [StoreResult]) throws {
        guard case .appended = results.first else {
            Issue.record("not appended: \(results)")
            return
        }
    }

    /// As many sagas again that sleep, and as many that have ended.
    private func fill(_ schema: ScratchSchema) throws {
        let rows = "FROM generate_series(1000000, \(1_000_000 + Self.others)) AS g"
        try schema.run(
            """
            INSERT INTO saga(number, flow, created, id, input) SELECT g, 1, 0, 'O-' || g, '{}' \(rows);
            INSERT INTO saga(number, flow, created, id, input) SELECT g + 1000000, 1, 0, 'P-' || g, '{}' \(rows);
            INSERT INTO progress(number, flow, status, sequence, fence, sleep, stirred, spawned, lane, pivoted, updated,
                    head)
                SELECT g, 1, 2, 1, 0, 1, false, 0, 0, true, 0, '' \(rows);
            INSERT INTO finished(number, flow, status, sequence, spawned, pivoted, updated, head, output)
                SELECT g + 1000000, 1, 5, 1, 0, true, 0, '', '' \(rows);
            """)
    }

    /// What sessions have read of the schema's tables, once the store's own have ended and told.
    private func rowsRead(in schema: ScratchSchema) throws -> [(String, Int)] {
        let connection = try PostgresSession.connect(try schema.configuration())
        let sessions = PostgresStatement(
            "sessions", "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(schema.name)'")
        while try connection.run(sessions).first?.int64(0) != 0 {}
        let read = PostgresStatement(
            "rows_read",
            """
            SELECT relname::text, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables
            WHERE schemaname = current_schema() ORDER BY 2 DESC
            """)
        return try connection.run(read).rows.map { ($0.text(0), Int($0.int64(1))) }
    }
}
