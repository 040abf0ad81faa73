import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// The same seeded operations on PostgreSQL stores and on the memory store, compared result by result.
///
/// `STORE_OPERATIONS` sets how many operations, `STORE_COMPARED` after how many all that can be read is compared,
/// `STORE_SEED` repeats a run, and `STORE_TRACE=1` prints each batch.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLLikeMemoryTests {
    private static func number(_ name: String, or standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? standard
    }

    @Test func `PostgreSQL does what memory does, operation by operation`() async throws {
        try await compare(stores: 1)
    }

    /// What one process remembers another one changes all the time.
    @Test func `two processes at one database do together what memory does`() async throws {
        try await compare(stores: 2)
    }

    /// Numbers that one has taken and not used, and the last place in the queue, so that both rise as in one store.
    private static func handOverNumbers(from giver: PostgresStore, to taker: PostgresStore) async throws {
        let (sagas, epochs, place) = try await giver.write { writer in
            let session = try writer.link.session()
            defer { (session.spareSagaNumbers, session.spareEpochs) = ([], []) }
            return (session.spareSagaNumbers, session.spareEpochs, writer.lastPlace)
        }
        try await taker.write { writer in
            let session = try writer.link.session()
            (session.spareSagaNumbers, session.spareEpochs) = (sagas, epochs)
            writer.lastPlace = max(writer.lastPlace, place)
        }
    }

    private static let kinds = [
        "submitted", "exists", "appended", "fenced", "stale", "busy", "violated", "noticed", "duplicate", "claimed",
        "leased", "done", "missing",
    ]

    private static func open(
        _ count: Int, in schema: ScratchSchema, _ clock: SimulatedClock, _ handlers: [any RecordHandler]
    ) async throws -> [PostgresStore] {
        var stores: [PostgresStore] = []
        for _ in 0..<count {
            var configuration = try schema.configuration(clock: clock, handlers: handlers)
            configuration.doubtfulBatches = 1
            stores.append(try await PostgresStore.open(configuration))
        }
        return stores
    }

    private func compare(stores count: Int) async throws {
        let operations = Int(Self.number("STORE_OPERATIONS", or: 2_000))
        let seed = Self.number("STORE_SEED", or: 20_261_129)
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let handlers: [any RecordHandler] = [TallyHandler()]
        let memory = MemoryStore(clock: clock, digest: PlainSHA256(), handlers: handlers)
        var stores = try await Self.open(count, in: schema, clock, handlers)
        let turns = SeededEntropy(seed: seed + 1)
        var script = RandomScript(memory: memory, clock: clock, entropy: SeededEntropy(seed: seed))
        var done = 0
        var seen: [String: Int] = [:]
        while done < operations {
            // A batch's claims are carried out after everything else in it.
            let (batch, lease) = try await script.next(claimsLast: true)
            done += batch.count
            // Mostly the same one again, so that it comes to rely on something.
            let next = Int(turns.below(UInt64(count)))
            if turns.below(4) == 0, next > 0 {
                try await Self.handOverNumbers(from: stores[0], to: stores[next])
                stores.swapAt(0, next)
            }
            let store = stores[0]
            // Here nobody sends word of what was left behind.
            if count > 1 { store.link.floors.lower(to: ClaimFloors.bottom) }
            let expected = await StoreComparison.outcome(of: batch, under: lease, on: memory)
            let actual = await StoreComparison.outcome(of: batch, under: lease, on: store)
            if Self.number("STORE_TRACE", or: 0) > 0 {
                print("TRACE \(done) \(lease as Any) \(batch)\n=> \(expected.results)")
            }
            guard expected == actual else {
                let place =
                    zip(expected.results, actual.results).enumerated().first { "\($1.0)" != "\($1.1)" }?.offset ?? 0
                Issue.record(
                    """
                    STORE_SEED=\(seed), operation \(done): \(batch[place])
                    memory \(expected.results[place...].first.map { "\($0)" } ?? "\(expected)")
                    postgres \(actual.results[place...].first.map { "\($0)" } ?? "\(actual)")
                    """)
                break
            }
            script.learn(from: expected.results)
            for result in expected.results { seen[StoreComparison.kind(of: result), default: 0] += 1 }
            let flows = [[StoreHand.flow], RandomScript.flows][done % 2]
            let wakes = (try await memory.nextWake(for: flows), try await store.nextWake(for: flows))
            #expect(wakes.0 == wakes.1, "STORE_SEED=\(seed), operation \(done)")
            guard done % Int(Self.number("STORE_COMPARED", or: 200)) < batch.count else { continue }
            if let difference = try await StoreComparison.firstDifference(memory, store, script) {
                Issue.record("STORE_SEED=\(seed), operation \(done), after \(batch) \(expected.results): \(difference)")
                break
            }
        }
        let store = stores[0]
        let census = try await store.census(under: nil).exposures.first { $0.asset == "USD" }?.amount ?? 0
        let total = try await store.write(.sagas) { try PostgresStakes().atStake("USD", on: $0) }
        #expect(total == census && total > 0, "what writers count is what all rows say together")
        while try await store.seal() != nil {}
        #expect(try await store.verifyAudit(.chain).fault == nil)
        // What never happened was not compared.
        if operations >= 5_000 { #expect(Self.kinds.filter { seen[$0] == nil } == [], "no operation gave these") }
        for store in stores { await store.close() }
        try schema.drop()
    }
}
