#if PLANTED_BUGS
    import SagaTestKit

    /// The store laws, held against the memory store that is the simulation's disk.
    enum MemoryLaws {
        /// The first law that is not kept, and what was seen instead.
        static func firstBroken() async -> (law: String, seen: String)? {
            let fixture = MemoryStoreFixture(digest: QuickDigest())
            for law in StoreLaws.all {
                do {
                    try await law.check(fixture)
                } catch {
                    return (law.name, "\(error)")
                }
            }
            return nil
        }
    }
#endif
