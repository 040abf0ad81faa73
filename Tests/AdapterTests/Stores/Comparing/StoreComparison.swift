import SagaEngine
import SagaTestKit
import Testing

/// Holds what a store does against what the memory store does.
enum StoreComparison {
    struct Outcome: Equatable {
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

    static func kind(of result: StoreResult) -> String {
        String("\(result)".prefix { $0 != "(" })
    }

    static func outcome(
        of batch: [StoreOperation], under lease: Lease?, on store: any SagaStore
    ) async -> Outcome {
        do {
            return Outcome(results: try await store.commit(batch, under: lease), error: nil)
        } catch {
            return Outcome(results: [], error: error.code)
        }
    }

    /// Compares everything that can be read, and says of the first difference what it is.
    static func compareAll(
        _ memory: MemoryStore, _ store: any SagaStore, _ script: RandomScript, _ seed: UInt64
    ) async throws {
        if let difference = try await firstDifference(memory, store, script) {
            Issue.record("STORE_SEED=\(seed): \(difference)")
        }
    }

    /// The first difference in anything that can be read; `nil` when there is none.
    static func firstDifference(
        _ memory: MemoryStore, _ store: any SagaStore, _ script: RandomScript
    ) async throws -> String? {
        for status in SagaStatus.allCases {
            let query = SagaQuery(status: status, limit: 500)
            let pages = (try await memory.search(query), try await store.search(query))
            if let found = difference("\(status)", pages.0.rows, pages.1.rows) { return found }
        }
        for standing in NoticeStanding.allCases {
            let query = NoticeQuery(standing: standing, limit: 500)
            let found = difference(
                "\(standing)", try await memory.notices(query), try await store.notices(query))
            if let found { return found }
        }
        let roots = SagaQuery(flow: "settlement", rootsOnly: true, offset: 3, limit: 20)
        let pages = (try await memory.search(roots), try await store.search(roots))
        if let found = difference("roots", pages.0.rows, pages.1.rows) { return found }
        if pages.0.total != pages.1.total { return "roots in all: \(pages.0.total) and \(pages.1.total)" }
        let all = (try await memory.census(under: nil), try await store.census(under: nil))
        if all.0 != all.1 { return "census of all: \(all.0) and \(all.1)" }
        for root in pages.0.rows.prefix(3).map(\.id) {
            let censuses = (try await memory.census(under: root), try await store.census(under: root))
            if censuses.0 != censuses.1 { return "census of \(root): \(censuses.0) and \(censuses.1)" }
            let stage = StageName(rawValue: "fund")
            let found = difference(
                "children of \(root)", try await memory.children(of: root, stage: stage, after: nil, limit: 5),
                try await store.children(of: root, stage: stage, after: nil, limit: 5))
            if let found { return found }
        }
        let references = (0..<60).map { SentReference(source: "custodian", reference: "ref-\($0)") }
        for root in pages.0.rows.prefix(9).map(\.id) {
            let found = difference(
                "settlements for \(root)", try await memory.settlements(of: references, for: root, limit: 20),
                try await store.settlements(of: references, for: root, limit: 20))
            if let found { return found }
        }
        return try await loadDifference(memory, store, script.claims)
    }

    /// The first difference in what is read back for claims.
    static func loadDifference(
        _ memory: MemoryStore, _ store: any SagaStore, _ claims: [Claim]
    ) async throws -> String? {
        let loaded = (try await memory.load(claims), try await store.load(claims))
        return difference("loaded", loaded.0.map(words), loaded.1.map(words))
    }

    private static func difference<Value: Equatable>(_ what: String, _ left: [Value], _ right: [Value]) -> String? {
        if left == right { return nil }
        for (one, other) in zip(left, right) where one != other { return "\(what):\n\(one)\nand\n\(other)" }
        let longer = left.count > right.count ? left : right
        return "\(what): \(left.count) and \(right.count), \(longer[min(left.count, right.count)])"
    }

    /// All that is known of a saga that was read back.
    static func words(_ loaded: LoadedSaga) -> String {
        "\(loaded.claim) \(loaded.row) \(loaded.journal) \(loaded.notices) \(loaded.lastNotice) "
            + "\(loaded.firstLeftOut ?? 0)"
    }
}
