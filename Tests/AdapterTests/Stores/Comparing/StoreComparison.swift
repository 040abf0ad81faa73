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

    static func compareAll(
        _ memory: MemoryStore, _ store: any SagaStore, _ script: RandomScript, _ seed: UInt64
    ) async throws {
        let remark: Comment = "STORE_SEED=\(seed)"
        for status in SagaStatus.allCases {
            let query = SagaQuery(status: status, limit: 500)
            let pages = (try await memory.search(query), try await store.search(query))
            #expect(pages.0 == pages.1, remark)
        }
        for standing in NoticeStanding.allCases {
            let query = NoticeQuery(standing: standing, limit: 500)
            let notices = (try await memory.notices(query), try await store.notices(query))
            #expect(notices.0 == notices.1, remark)
        }
        let roots = SagaQuery(flow: "settlement", rootsOnly: true, offset: 3, limit: 20)
        let pages = (try await memory.search(roots), try await store.search(roots))
        #expect(pages.0 == pages.1, remark)
        for root in pages.0.rows.prefix(3).map(\.id) {
            let censuses = (try await memory.census(under: root), try await store.census(under: root))
            #expect(censuses.0 == censuses.1, remark)
            let stage = StageName(rawValue: "fund")
            let children = (
                try await memory.children(of: root, stage: stage, after: nil, limit: 5),
                try await store.children(of: root, stage: stage, after: nil, limit: 5)
            )
            #expect(children.0 == children.1, remark)
        }
        let loaded = (try await memory.load(script.claims), try await store.load(script.claims))
        #expect(loaded.0.map(Self.words) == loaded.1.map(Self.words), remark)
    }

    private static func words(_ loaded: LoadedSaga) -> String {
        "\(loaded.claim) \(loaded.row) \(loaded.journal) \(loaded.notices) \(loaded.lastNotice)"
    }
}
