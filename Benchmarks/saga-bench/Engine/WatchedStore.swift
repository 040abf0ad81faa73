import SagaEngine

/// The store as the runner sees it, watched for what the benchmark acts on: who fell asleep, who ended, and how long a
/// callback took to become the next stage.
final class WatchedStore: SagaStore {
    /// What the benchmark hears of a commit.
    struct News: Sendable {
        /// References of instructions whose saga now waits, as a row, for the callback.
        var due: [String] = []
        /// How many sagas ended.
        var ended = 0
    }

    private struct State {
        var awaited: [SagaNumber: String] = [:]
        var accepted: [SagaNumber: UInt64] = [:]
        var latencies: [UInt64] = []
        var sagas: [String: SagaNumber] = [:]
    }

    private let inner: any SagaStore
    private let news: @Sendable (News) -> Void
    private let state = Locked(State())

    init(_ inner: any SagaStore, news: @escaping @Sendable (News) -> Void) {
        self.inner = inner
        self.news = news
    }

    /// From a callback's being accepted to the next stage's being durable, in nanoseconds, in ascending order.
    var latencies: [UInt64] { state.withLock { $0.latencies.sorted() } }

    /// Notes that a callback was accepted at this moment.
    func accepted(_ reference: String, at moment: UInt64) {
        state.withLock { state in
            if let saga = state.sagas.removeValue(forKey: reference) { state.accepted[saga] = moment }
        }
    }

    func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult] {
        let results = try await inner.commit(batch, under: lease)
        let moment = Machine.nanoseconds()
        let heard = state.withLock { state in
            zip(batch, results).reduce(into: News()) { Self.note($1.0, $1.1, moment, in: &state, &$0) }
        }
        if heard.ended > 0 || !heard.due.isEmpty { news(heard) }
        return results
    }

    private static func note(
        _ operation: StoreOperation, _ result: StoreResult, _ moment: UInt64, in state: inout State, _ news: inout News
    ) {
        guard case .append(let append) = operation, case .appended(let held) = result else { return }
        if let expectation = append.expectations.first { state.awaited[append.saga] = expectation.reference }
        if append.entries.contains(where: { $0.kind == .notice }),
            let accepted = state.accepted.removeValue(forKey: append.saga)
        {
            state.latencies.append(moment - accepted)
        }
        switch append.disposition {
        case .carryOn, .release: break
        case .end: news.ended += 1
        case .sleep(let wake):
            guard wake.onNotice, !held, let reference = state.awaited.removeValue(forKey: append.saga) else { return }
            state.sagas[reference] = append.saga
            news.due.append(reference)
        }
    }
}

extension WatchedStore {
    var clock: any SagaClock { inner.clock }

    func incarnation() async throws(StoreError) -> Incarnation { try await inner.incarnation() }

    func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] { try await inner.load(claims) }

    func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        try await inner.nextWake(for: flows)
    }

    func row(of id: SagaID) async throws(StoreError) -> SagaRow? { try await inner.row(of: id) }

    func journal(of id: SagaID, after: Int, limit: Int) async throws(StoreError) -> [JournalEntry] {
        try await inner.journal(of: id, after: after, limit: limit)
    }

    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage { try await inner.search(query) }

    func children(
        of id: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] {
        try await inner.children(of: id, stage: stage, after: after, limit: limit)
    }

    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus { try await inner.census(under: root) }

    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] { try await inner.notices(query) }

    func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] {
        try await inner.prints(under: root, limit: limit, offset: offset)
    }
}
