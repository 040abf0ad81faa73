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
            let expected = await Self.outcome(of: batch, under: lease, on: memory)
            let actual = await Self.outcome(of: batch, under: lease, on: sqlite)
            guard expected == actual else {
                Issue.record("STORE_SEED=\(seed), operation \(done): \(batch)\nmemory \(expected)\nsqlite \(actual)")
                break
            }
            script.learn(from: expected.results)
            for result in expected.results { seen[Self.kind(of: result), default: 0] += 1 }
            let flows = [[StoreHand.flow], RandomScript.flows][done % 2]
            let wakes = (try await memory.nextWake(for: flows), try await sqlite.nextWake(for: flows))
            #expect(wakes.0 == wakes.1, "STORE_SEED=\(seed), operation \(done)")
            if done % 50 < batch.count { try await Self.compareAll(memory, sqlite, script, seed) }
        }
        try await Self.compareAll(memory, sqlite, script, seed)
        let report = try await sqlite.verifyAudit()
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
            let expected = await Self.outcome(of: batch, under: lease, on: memory)
            #expect(await Self.outcome(of: batch, under: lease, on: sqlite) == expected)
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

    private struct Outcome: Equatable {
        let results: [StoreResult]
        let error: StoreError.Code?

        static func == (left: Outcome, right: Outcome) -> Bool {
            left.error == right.error && left.results.map(described) == right.results.map(described)
        }

        /// The message of a violation is each store's own.
        private static func described(_ result: StoreResult) -> String {
            if case .violated(let violation) = result { return "violated(\(violation.code))" }
            return "\(result)"
        }
    }

    private static func kind(of result: StoreResult) -> String {
        String("\(result)".prefix { $0 != "(" })
    }

    private static func outcome(
        of batch: [StoreOperation], under lease: Lease?, on store: any SagaStore
    ) async -> Outcome {
        do {
            return Outcome(results: try await store.commit(batch, under: lease), error: nil)
        } catch {
            return Outcome(results: [], error: error.code)
        }
    }

    private static func compareAll(
        _ memory: MemoryStore, _ sqlite: SQLiteStore, _ script: RandomScript, _ seed: UInt64
    ) async throws {
        let remark: Comment = "STORE_SEED=\(seed)"
        for status in SagaStatus.allCases {
            let query = SagaQuery(status: status, limit: 500)
            let pages = (try await memory.search(query), try await sqlite.search(query))
            #expect(pages.0 == pages.1, remark)
        }
        for standing in NoticeStanding.allCases {
            let query = NoticeQuery(standing: standing, limit: 500)
            let notices = (try await memory.notices(query), try await sqlite.notices(query))
            #expect(notices.0 == notices.1, remark)
        }
        let roots = SagaQuery(flow: "settlement", rootsOnly: true, offset: 3, limit: 20)
        let pages = (try await memory.search(roots), try await sqlite.search(roots))
        #expect(pages.0 == pages.1, remark)
        for root in pages.0.rows.prefix(3).map(\.id) {
            let censuses = (try await memory.census(under: root), try await sqlite.census(under: root))
            #expect(censuses.0 == censuses.1, remark)
            let stage = StageName(rawValue: "fund")
            let children = (
                try await memory.children(of: root, stage: stage, after: nil, limit: 5),
                try await sqlite.children(of: root, stage: stage, after: nil, limit: 5)
            )
            #expect(children.0 == children.1, remark)
        }
        let references = (0..<60).map { SentReference(source: "custodian", reference: "ref-\($0)") }
        for root in pages.0.rows.prefix(9).map(\.id) {
            let standing = (
                try await memory.settlements(of: references, for: root, limit: 20),
                try await sqlite.settlements(of: references, for: root, limit: 20)
            )
            #expect(standing.0 == standing.1, remark)
        }
        let loaded = (try await memory.load(script.claims), try await sqlite.load(script.claims))
        #expect(loaded.0.map(Self.words) == loaded.1.map(Self.words), remark)
    }

    private static func words(_ loaded: LoadedSaga) -> String {
        "\(loaded.claim) \(loaded.row) \(loaded.journal) \(loaded.notices) \(loaded.lastNotice) "
            + "\(loaded.firstLeftOut ?? 0)"
    }
}

/// A handler whose records count, violate or fail, some only after they have written.
struct TallyHandler: RecordHandler {
    let kind = "tally"

    struct Failure: Error {}

    func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
        let old = try books.value(of: "n", in: "tally") ?? [0]
        try books.set([old[0] &+ 1], for: "n", in: "tally")
        try books.append(record.body, to: "tallies", key: "n", cause: cause)
        if record.body == [1] { throw RecordViolation(code: "tally.refused", message: "as asked") }
        if record.body == [2] { throw Failure() }
        // What was undone must not have been counted: the value itself decides now and then.
        if old[0] % 16 == 15, record.body == [3] { throw RecordViolation(code: "tally.odd", message: "as it stands") }
    }
}
