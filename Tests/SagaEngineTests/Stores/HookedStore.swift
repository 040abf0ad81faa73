import SagaTestKit

@testable import SagaEngine

/// A store with something before and after its commits, and before its reading of rows and notices.
final class HookedStore: SagaStore {
    private let base: any SagaStore
    private let beforeCommit: @Sendable ([StoreOperation]) async throws(StoreError) -> Void
    private let beforeRow: @Sendable (SagaID) throws(StoreError) -> Void
    private let beforeLoad: @Sendable ([Claim]) throws(StoreError) -> Void
    private let beforeNotices: @Sendable () -> Void
    private let afterCommit: @Sendable ([StoreOperation]) async throws(StoreError) -> Void
    private let answering: @Sendable (StoreOperation, StoreResult) -> StoreResult
    private let loading: @Sendable ([LoadedSaga]) -> [LoadedSaga]

    init(
        _ base: any SagaStore,
        beforeCommit: @escaping @Sendable ([StoreOperation]) async throws(StoreError) -> Void = { _ in },
        afterCommit: @escaping @Sendable ([StoreOperation]) async throws(StoreError) -> Void = { _ in },
        beforeRow: @escaping @Sendable (SagaID) throws(StoreError) -> Void = { _ in },
        beforeLoad: @escaping @Sendable ([Claim]) throws(StoreError) -> Void = { _ in },
        beforeNotices: @escaping @Sendable () -> Void = {},
        answering: @escaping @Sendable (StoreOperation, StoreResult) -> StoreResult = { $1 },
        loading: @escaping @Sendable ([LoadedSaga]) -> [LoadedSaga] = { $0 }
    ) {
        self.base = base
        self.beforeCommit = beforeCommit
        self.beforeRow = beforeRow
        self.beforeLoad = beforeLoad
        self.beforeNotices = beforeNotices
        self.afterCommit = afterCommit
        self.answering = answering
        self.loading = loading
    }

    func row(of id: SagaID) async throws(StoreError) -> SagaRow? {
        try beforeRow(id)
        return try await base.row(of: id)
    }

    var clock: any SagaClock { base.clock }
    func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult] {
        try await beforeCommit(batch)
        let results = try await base.commit(batch, under: lease)
        try await afterCommit(batch)
        return zip(batch, results).map(answering)
    }
    func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] {
        try beforeLoad(claims)
        return loading(try await base.load(claims))
    }
    func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        try await base.nextWake(for: flows)
    }
    func incarnation() async throws(StoreError) -> Incarnation { try await base.incarnation() }
    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage { try await base.search(query) }
    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus { try await base.census(under: root) }
    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] {
        beforeNotices()
        return try await base.notices(query)
    }
    func journal(of id: SagaID, after sequence: Int, limit: Int) async throws(StoreError) -> [JournalEntry] {
        try await base.journal(of: id, after: sequence, limit: limit)
    }
    func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] {
        try await base.children(of: parent, stage: stage, after: after, limit: limit)
    }
    func prints(under saga: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] {
        try await base.prints(under: saga, limit: limit, offset: offset)
    }
}
