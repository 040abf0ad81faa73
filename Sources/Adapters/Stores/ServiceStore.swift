public import SagaEngine

/// What a daemon and its commands ask of a store: the engine's port, the books, the audit chain, tables beside them.
public protocol ServiceStore: SagaStore, RecordedBooks, AuditTrail, TableExecutor {
    /// The life of the data that began when the store was opened; `nil` when it goes on in the one it was in.
    var reincarnation: StoreReincarnation? { get }

    /// How many notices there are of each standing.
    func noticeCounts() async throws(StoreError) -> [NoticeStanding: Int]

    /// How many sagas are stuck for each cause.
    func stuckCounts() async throws(StoreError) -> [Predicament.Cause: Int]

    /// Finishes what was begun and lets the database go.
    func close() async
}
