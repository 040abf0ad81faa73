import SagaEngine
import SagaTestKit

/// Makes memory stores; reopening one keeps the object, which is the disk.
struct MemoryStoreFixture: StoreFixture {
    let digest: any Digest = PlainSHA256()

    func open(clock: SimulatedClock, handlers: [any RecordHandler]) -> any SagaStore {
        MemoryStore(clock: clock, digest: digest, handlers: handlers)
    }

    func reopen(
        _ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]
    ) -> any SagaStore {
        store
    }

    func close(_ store: any SagaStore) {}

    func seals(of store: any SagaStore) throws -> [StoreSeal] {
        guard let store = store as? MemoryStore else { throw LawBroken("not a memory store") }
        return store.seals
    }
}
