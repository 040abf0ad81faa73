#if PLANTED_BUGS
    import SagaEngine
    import SagaTestKit

    /// Memory stores for the store laws, as the simulation's disk is one.
    struct MemoryLaws: StoreFixture {
        let digest: any Digest = QuickDigest()

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

        /// The first law that is not kept, and what was seen instead.
        func firstBroken() async -> (law: String, seen: String)? {
            for law in StoreLaws.all {
                do {
                    try await law.check(self)
                } catch {
                    return (law.name, "\(error)")
                }
            }
            return nil
        }
    }
#endif
