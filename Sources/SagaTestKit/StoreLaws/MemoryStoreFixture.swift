public import SagaEngine

/// Makes memory stores; reopening one keeps the object, which is the disk.
public struct MemoryStoreFixture: StoreFixture {
    /// What links are made with.
    public let digest: any Digest

    /// Makes stores that hash with this digest.
    public init(digest: any Digest = PlainSHA256()) {
        self.digest = digest
    }

    /// A new store.
    public func open(clock: SimulatedClock, handlers: [any RecordHandler]) -> any SagaStore {
        MemoryStore(clock: clock, digest: digest, handlers: handlers)
    }

    /// The same object.
    public func reopen(
        _ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]
    ) -> any SagaStore {
        store
    }

    /// Does nothing.
    public func close(_ store: any SagaStore) {}

    /// The seals of a memory store; throws ``LawBroken`` for any other.
    public func seals(of store: any SagaStore) throws -> [StoreSeal] {
        guard let store = store as? MemoryStore else { throw LawBroken("not a memory store") }
        return store.seals
    }
}
