import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import Testing

/// The same seeded operations on a SQLite store and on the memory store, compared result by result.
///
/// `STORE_OPERATIONS` sets how many operations, `STORE_SEED` repeats a run.
@Suite struct SQLiteLikeMemoryTests {
    private static func number(_ name: String, or standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? standard
    }

    @Test(arguments: [65_536, 2]) func `SQLite does what memory does, operation by operation`(
        wokenLimit: Int
    ) async throws {
        let operations = Int(Self.number("STORE_OPERATIONS", or: 5_000))
        let seed = Self.number("STORE_SEED", or: 20_261_121)
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let handlers: [any RecordHandler] = [TallyHandler()]
        let memory = MemoryStore(clock: clock, digest: PlainSHA256(), handlers: handlers)
        var configuration = folder.configuration(clock: clock, handlers: handlers)
        // With few places in memory, the rows of most sagas that are woken have to say so.
        configuration.wokenLimit = wokenLimit
        let sqlite = try await SQLiteStore.open(configuration)
        var script = RandomScript(memory: memory, clock: clock, entropy: SeededEntropy(seed: seed))
        var done = 0
        var seen: [String: Int] = [:]
        while done < operations {
            let (batch, lease) = try await script.next()
            done += batch.count
            let expected = await StoreComparison.outcome(of: batch, under: lease, on: memory)
            let actual = await StoreComparison.outcome(of: batch, under: lease, on: sqlite)
            guard expected == actual else {
                Issue.record("STORE_SEED=\(seed), operation \(done): \(batch)\nmemory \(expected)\nsqlite \(actual)")
                break
            }
            script.learn(from: expected.results)
            for result in expected.results { seen[StoreComparison.kind(of: result), default: 0] += 1 }
            // Some are loaded when they are claimed, some when more has happened to them, and some never.
            for case .claimed(let claims) in expected.results where done % 3 > 0 {
                if let difference = try await StoreComparison.loadDifference(memory, sqlite, claims) {
                    Issue.record("STORE_SEED=\(seed), operation \(done): \(difference)")
                }
            }
            let flows = [[StoreHand.flow], RandomScript.flows][done % 2]
            let wakes = (try await memory.nextWake(for: flows), try await sqlite.nextWake(for: flows))
            #expect(wakes.0 == wakes.1, "STORE_SEED=\(seed), operation \(done)")
            if done % 50 < batch.count { try await StoreComparison.compareAll(memory, sqlite, script, seed) }
        }
        try await StoreComparison.compareAll(memory, sqlite, script, seed)
        let report = try await sqlite.verifyAudit(.chain)
        #expect(report.fault == nil)
        let (seals, links) = (try await sqlite.seals(limit: .max).map(\.link), memory.seals.map(\.link))
        #expect(seals == links)
        // What never happened was not compared.
        let kinds = [
            "submitted", "exists", "appended", "fenced", "stale", "busy", "violated", "noticed", "duplicate",
            "claimed", "leased", "done", "missing",
        ]
        if operations >= 5_000 { for kind in kinds { #expect((seen[kind] ?? 0) > 0, "no operation gave \(kind)") } }
        await sqlite.close()
        #expect(try folder.hangingRows() == [])
    }

    @Test(arguments: 1...12) func `whoever was held, woken or due when the process ended can be claimed`(
        seed: UInt64
    ) async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let handlers: [any RecordHandler] = [TallyHandler()]
        let memory = MemoryStore(clock: clock, digest: PlainSHA256(), handlers: handlers)
        let sqlite = try await SQLiteStore.open(folder.configuration(clock: clock, handlers: handlers))
        var script = RandomScript(memory: memory, clock: clock, entropy: SeededEntropy(seed: seed))
        for _ in 0..<250 {
            let (batch, lease) = try await script.next()
            let expected = await StoreComparison.outcome(of: batch, under: lease, on: memory)
            #expect(await StoreComparison.outcome(of: batch, under: lease, on: sqlite) == expected)
            script.learn(from: expected.results)
        }
        let copy = try ScratchFolder()
        try folder.copyDatabase(to: copy)
        let opened = try await SQLiteStore.open(copy.configuration(clock: clock, handlers: handlers))
        // In memory nobody holds anything once every runner has given back what it had.
        let names = (0..<3).map { RunnerID("r\($0)") }
        _ = try await memory.commit(names.map { .release($0) }, under: nil)
        let known = try await Self.everyClaim(on: memory)
        let found = try await Self.everyClaim(on: opened)
        #expect(!known.isEmpty)
        #expect(known.subtracting(found) == [], "a saga is lost")
        // A notice that its saga has looked at and left alone lets it look again.
        let fresh = try await memory.notices(NoticeQuery(standing: .fresh, limit: 500)).compactMap(\.saga)
        let woken = try await memory.search(SagaQuery(limit: 500)).rows.filter { fresh.contains($0.id) }
        #expect(found.subtracting(known).isSubset(of: woken.map(\.number)))
        await opened.close()
        await sqlite.close()
    }

    private static func everyClaim(on store: any SagaStore) async throws -> Set<SagaNumber> {
        let lease = try await StoreHand(store: store, clock: SimulatedClock()).lease("r9")
        let request = ClaimRequest(limit: 1_000, flows: RandomScript.flows)
        guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
            throw LawBroken("no claims")
        }
        #expect(Set(claims.map(\.number)).count == claims.count, "a saga is claimed twice")
        return Set(claims.map(\.number))
    }
}
