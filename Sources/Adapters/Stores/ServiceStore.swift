public import SagaEngine

/// What a daemon and its commands ask of a store: the engine's port, the books, the audit chain, tables beside them.
public protocol ServiceStore: SagaStore, RecordedBooks, AuditTrail, TableExecutor {
    /// The life of the data that began when the store was opened; `nil` when it goes on in the one it was in.
    var reincarnation: StoreReincarnation? { get }

    /// Whether several processes may work on it at a time.
    var isShared: Bool { get }

    /// The processes that share the store, in order of their names; none when one process has it alone.
    func runners() async throws(StoreError) -> [RunnerSighting]

    /// Does what the store needs done while a daemon has it, until the task is cancelled; at once when that is nothing.
    ///
    /// - Parameter ring: Called when another process may have left something to do.
    func attend(ring: @escaping @Sendable () -> Void) async

    /// What it knows of money in flight; `nil` for one that is not shared, where the one runner counts by itself.
    var stakes: (any StakeBook)? { get }

    /// How many notices there are of each standing.
    func noticeCounts() async throws(StoreError) -> [NoticeStanding: Int]

    /// How many sagas are stuck for each cause.
    func stuckCounts() async throws(StoreError) -> [Predicament.Cause: Int]

    /// Finishes what was begun and lets the database go.
    func close() async
}
