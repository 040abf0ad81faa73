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
        #expect(try await store.verifyAudit(.chain).fault == nil)
        let connection = try PostgresConnection(url: try #require(ScratchSchema.url), application: "saga-runner tests")
        let writers = PostgresStatement(
            "journal_writers", "SELECT count(DISTINCT writer) FROM \(schema.name).journal")
        #expect(try connection.run(writers).first?.int64(0) ?? 0 >= 2, "nothing was written side by side")
        await store.close()
        try schema.drop()
    }

    /// A store, and for each group a batch of ten sagas' appends, large enough for the next one to be begun beside it.
    private static func withBatches(
        of groups: [String],
        _ body: (PostgresStore, StoreHand, Lease, [[StoreOperation]], ScratchSchema) async throws -> Void
    ) async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        var configuration = try schema.configuration(clock: clock)
        configuration.overlapsBatches = true
        let store = try await PostgresStore.open(configuration)
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        var batches: [[StoreOperation]] = []
        for group in groups {
            let ids = (0..<10).map { "\(group)-\($0)" }
            let claims = try await hand.held(ids, under: lease)
            var operations: [StoreOperation] = []
            for id in ids {
                let number = try #require(try await store.row(of: try hand.id(id))).number
                let claim = try #require(claims.first { $0.number == number })
                operations.append(.append(try await hand.append(to: id, claim)))
            }
            batches.append(operations)
        }
        try await body(store, hand, lease, batches, schema)
        await store.close()
        try schema.drop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `three batches are written at once, and a fourth waits for the first of them`() async throws {
        try await Self.withBatches(of: ["P", "A", "B", "C"]) { store, hand, lease, batches, schema in
            var rivals: [Rival] = []
            var results: [Task<[StoreResult], any Error>] = []
            for (batch, first) in zip(batches, ["P-0", "A-0", "B-0"]) {
                let rival = try Rival(in: schema)
                try rival.run("BEGIN; SELECT 1 FROM progress WHERE number = (\(Rival.number(of: first))) FOR UPDATE")
                results.append(Task { try await store.commit(batch, under: lease) })
                try await rival.untilSomebodyWaits()
                rivals.append(rival)
            }
            results.append(Task { try await store.commit(batches[3], under: lease) })
            // The last one can be finished first; it is told of after those before it.
            for (rival, first) in zip(rivals, ["P-0", "A-0", "B-0"]).reversed() {
                try rival.run("COMMIT")
                try await rival.until("SELECT count(*) FROM journal WHERE saga = (\(Rival.number(of: first)))")
            }
            for result in results {
                for result in try await result.value {
                    guard case .appended(true) = result else { throw LawBroken("\(result)") }
                }
            }
            for id in ["P-9", "A-9", "B-9", "C-9"] {
                #expect(try await store.journal(of: try hand.id(id), after: 0, limit: 10).count == 1, "\(id)")
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a batch that has to begin again waits for the answers to those beside it`() async throws {
        try await Self.withBatches(of: ["P", "A", "B"]) { store, hand, lease, batches, schema in
            try await Self.beginAgain(store, hand, lease, batches, schema)
        }
    }

    private static func beginAgain(
        _ store: PostgresStore, _ hand: StoreHand, _ lease: Lease, _ batches: [[StoreOperation]],
        _ schema: ScratchSchema
    ) async throws {
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
        // The third goes over a connection of its own, while the second waits on its.
        try holdsFirst.run("COMMIT")
        try await holdsFirst.until("SELECT count(*) FROM journal WHERE saga = (\(Rival.number(of: "B-0")))")
        try holdsSecond.run("COMMIT")
        for results in [try await first, try await second, try await third] {
            for result in results {
                guard case .appended(true) = result else { throw LawBroken("\(result)") }
            }
        }
        #expect(try await store.journal(of: try hand.id("A-0"), after: 0, limit: 10).count == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a durable batch whose answers cannot be read is not carried out again in parts`() async throws {
        try await Self.withBatches(of: ["P", "A"]) { store, hand, lease, batches, schema in
            _ = try await store.commit([.submit(try hand.seed("Z"))], under: nil)
            let rival = try Rival(in: schema)
            try rival.run("UPDATE progress SET status = 99 WHERE number = (\(Rival.number(of: "Z")))")
            try rival.run("BEGIN; SELECT 1 FROM progress WHERE number = (\(Rival.number(of: "P-0"))) FOR UPDATE")
            async let first = store.commit(batches[0], under: lease)
            try await rival.untilSomebodyWaits()
            // These gather beside it and become one transaction, which cannot tell what it has claimed.
            let (results, told) = AsyncStream<Result<[StoreResult], StoreError>>.makeStream()
            for operation in [batches[1][0], .claim(ClaimRequest(limit: 1, flows: [StoreHand.flow]))] {
                let request = CommitRequest(batch: [operation], lease: lease) { told.yield($0) }
                #expect(store.writer?.queue.add(.commit(request), .sagas) == nil)
            }
            try rival.run("COMMIT")
            _ = try await first
            for await result in results.prefix(2) {
                let error = #expect(throws: StoreError.self) { try result.get() }
                #expect(error?.code == .unavailable && error?.detail.contains("durable") == true)
            }
            #expect(try await store.journal(of: try hand.id("A-0"), after: 0, limit: 10).count == 1)
            try await rival.until("SELECT count(holder) FROM progress WHERE status = 99")
        }
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
