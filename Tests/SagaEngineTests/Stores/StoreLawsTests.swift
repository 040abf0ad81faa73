import SagaEngine
import SagaTestKit
import Testing

@Suite struct StoreLawsTests {
    @Test(arguments: StoreLaws.all)
    func `the memory store keeps the law`(_ law: StoreLaw) async throws {
        try await law.check(MemoryStoreFixture())
    }

    @Test(arguments: StoreLaws.all)
    func `a store that never crashes keeps the law behind a fault plan`(_ law: StoreLaw) async throws {
        try await law.check(FaultyStoreFixture())
    }

    @Test func `every law has a sentence of its own`() {
        #expect(StoreLaws.all.count >= 40)
        #expect(Set(StoreLaws.all.map(\.name)).count == StoreLaws.all.count)
    }

    @Test(arguments: StoreBug.allCases)
    func `the laws catch a store with a bug, and no other`(_ bug: StoreBug) async {
        var broken: [String] = []
        for law in StoreLaws.all {
            do {
                try await law.check(BrokenStoreFixture(bug: bug))
            } catch {
                broken.append("\(law.name): \(error)")
            }
        }
        #expect(broken.isEmpty == (bug == .none), "\(bug): \(broken)")
    }
}

/// Makes memory stores behind a plan without faults.
private struct FaultyStoreFixture: StoreFixture {
    let digest: any Digest = PlainSHA256()
    let memory = MemoryStoreFixture()

    func open(clock: SimulatedClock, handlers: [any RecordHandler]) -> any SagaStore {
        FaultyStore(memory.open(clock: clock, handlers: handlers), plan: .none)
    }

    func reopen(_ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]) throws -> any SagaStore {
        FaultyStore(try base(of: store), plan: .none)
    }

    func close(_ store: any SagaStore) {}

    func seals(of store: any SagaStore) throws -> [StoreSeal] { try memory.seals(of: try base(of: store)) }

    private func base(of store: any SagaStore) throws -> any SagaStore {
        guard let faulty = store as? FaultyStore else { throw LawBroken("not a faulty store") }
        return faulty.base
    }
}
