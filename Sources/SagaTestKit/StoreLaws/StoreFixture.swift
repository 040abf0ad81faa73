public import SagaEngine

/// Makes stores of one kind for the store laws: a memory, a file, a database.
public protocol StoreFixture: Sendable {
    /// SHA-256, as the store's audit chain is made with.
    var digest: any Digest { get }

    /// Makes an empty store that goes by the given clock and knows the given kinds of record.
    func open(clock: SimulatedClock, handlers: [any RecordHandler]) async throws -> any SagaStore

    /// Closes the store as the end of a process would, and opens the same data again.
    func reopen(
        _ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]
    ) async throws -> any SagaStore

    /// Closes the store for good and removes its data.
    func close(_ store: any SagaStore) async throws

    /// The store's audit chain, oldest seal first.
    func seals(of store: any SagaStore) async throws -> [StoreSeal]
}
