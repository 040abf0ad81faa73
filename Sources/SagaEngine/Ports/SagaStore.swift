/// Where sagas live. One port, one suite of laws (`StoreLaws`), however many databases.
///
/// There is one way to write: `commit`, a batch of operations in one transaction that is durable when it returns. Each
/// operation stands alone in it: one that is refused changes nothing and spoils no other. Reading is in
/// ``SagaArchive``.
public protocol SagaStore: SagaArchive {
    /// The store's clock: the database's own where there is one.
    var clock: any SagaClock { get }

    /// Which life of the data this is; it changes when a backup is restored.
    func incarnation() async throws(StoreError) -> Incarnation

    /// Writes a batch durably, each operation by itself.
    ///
    /// - Returns: one result for each operation, in order.
    /// - Throws: ``StoreError`` when it is not known whether the batch is durable, or the store is away. The caller
    ///   must then forget what it holds in memory and load it again.
    func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult]

    /// Reads claimed sagas back, with their journals and the notices that wait for them.
    func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga]

    /// The earliest moment at which a claim for these flows may find something; now, when it would at once.
    ///
    /// Sagas of other flows do not count, so nobody looks again and again for what it cannot run. When a lease that
    /// holds sagas ends counts, whatever their flows: only the claim that takes over finds out.
    func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp?
}
