import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Batches that one store reads and decides while the one before is written.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLOverlapTests {
    @Test func `many sagas that work at once lose no entry, no notice and no posting`() async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        var configuration = try schema.configuration(clock: clock, handlers: [TallyHandler()])
        configuration.overlapsBatches = true
        let store = try await PostgresStore.open(configuration)
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let ids = (0..<60).map { "S-\($0)" }
        let claims = try await hand.held(ids, under: lease)
        let numbers = Dictionary(uniqueKeysWithValues: claims.map { ($0.number, $0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in ids {
                let number = try #require(try await store.row(of: try hand.id(id))).number
                let claim = try #require(numbers[number])
                group.addTask { try await Self.live(id, claim, lease, hand, store) }
            }
            try await group.waitForAll()
        }
        for id in ids {
            let row = try #require(try await store.row(of: try hand.id(id)))
            #expect(row.standing.status == .completed && row.sequence == Self.rounds, "\(id)")
            let journal = try await store.journal(of: try hand.id(id), after: 0, limit: 100)
            #expect(journal.map(\.sequence) == Array(1...Self.rounds), "\(id)")
            let notices = try await store.notices(NoticeQuery(saga: try hand.id(id)))
            #expect(notices.count == Self.rounds, "\(id)")
        }
        #expect(try await store.notices(NoticeQuery(standing: .orphan)).isEmpty)
        while try await store.seal() != nil {}
        #expect(try await store.verifyAudit().fault == nil)
        let connection = try PostgresConnection(url: try #require(ScratchSchema.url), application: "saga-runner tests")
        let writers = PostgresStatement(
            "journal_writers", "SELECT count(DISTINCT writer) FROM \(schema.name).journal")
        #expect(try connection.run(writers).first?.int64(0) == 2, "nothing was written side by side")
        await store.close()
        try schema.drop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a batch that has to begin again waits for the answers to the one beside it`() async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        var configuration = try schema.configuration(clock: clock)
        configuration.overlapsBatches = true
        let store = try await PostgresStore.open(configuration)
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        var appends: [[StoreOperation]] = []
        for group in ["P", "A", "B"] {
            // Large enough for the next batch to be begun beside it.
            let ids = (0..<10).map { "\(group)-\($0)" }
            let claims = try await hand.held(ids, under: lease)
            var operations: [StoreOperation] = []
            for id in ids {
                let number = try #require(try await store.row(of: try hand.id(id))).number
                let claim = try #require(claims.first { $0.number == number })
                operations.append(.append(try await hand.append(to: id, claim)))
            }
            appends.append(operations)
        }
        let batches = appends
        let holdsFirst = try Rival(in: schema)
        let holdsSecond = try Rival(in: schema)
        try holdsFirst.run("BEGIN; SELECT 1 FROM progress WHERE number = (\(Rival.number(of: "P-0"))) FOR UPDATE")
        // What is remembered of this one is wrong once this is committed.
        try holdsSecond.run("BEGIN; UPDATE progress SET updated = 1 WHERE number = (\(Rival.number(of: "A-0")))")
        async let first = store.commit(batches[0], under: lease)
        try await holdsFirst.untilSomebodyWaits()
        async let second = store.commit(batches[1], under: lease)
        try await holdsSecond.untilSomebodyWaits()
        async let third = store.commit(batches[2], under: lease)
        // The third goes over the connection of the first, while the second waits on the other one.
        try holdsFirst.run("COMMIT")
        try await holdsFirst.until("SELECT count(*) FROM journal WHERE saga = (\(Rival.number(of: "B-0")))")
        try holdsSecond.run("COMMIT")
        for results in [try await first, try await second, try await third] {
            for result in results {
                guard case .appended(true) = result else { throw LawBroken("\(result)") }
            }
        }
        #expect(try await store.journal(of: try hand.id("A-0"), after: 0, limit: 10).count == 1)
        await store.close()
        try schema.drop()
    }

    private static let rounds = 6

    /// Sends, is told, and sends again; each step waits for the one before, as a saga does.
    private static func live(
        _ id: String, _ claim: Claim, _ lease: Lease, _ hand: StoreHand, _ store: PostgresStore
    ) async throws {
        for round in 0..<rounds {
            var step = try await hand.append(to: id, claim)
            let key = IdempotencyKey(saga: try hand.id(id), stage: StageName(rawValue: "fund"), refusals: 0)
            step.expectations = [Expectation(source: "custodian", reference: "\(id)-\(round)", key: key)]
            guard case .appended(true)? = try await store.commit([.append(step)], under: lease).first else {
                throw LawBroken("\(id): step \(round) is refused")
            }
            let notice = Notice(
                source: "custodian", id: "\(id)-\(round)",
                claim: Notice.Claim(reference: "\(id)-\(round)", verdict: .settled, facts: [:]),
                body: Array("{}".utf8), headers: "")
            let kept = try await store.commit([.notice(NewNotice(notice: notice))], under: nil).first
            guard case .noticed(_, .fresh, _)? = kept else {
                throw LawBroken("\(id): notice \(round) is not fresh: \(String(describing: kept))")
            }
            let sleep = try await hand.append(to: id, claim, count: 0, .sleep(Wake(onNotice: true)))
            guard case .appended(true)? = try await store.commit([.append(sleep)], under: lease).first else {
                throw LawBroken("\(id): it sleeps over notice \(round)")
            }
        }
        let end = Append(
            saga: claim.number, right: .claim(fence: claim.fence), entries: [], disposition: .end(output: [49]),
            standing: Standing(status: .completed))
        guard case .appended? = try await store.commit([.append(end)], under: lease).first else {
            throw LawBroken("\(id): its end is refused")
        }
    }
}
