import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@testable import saga_sim

/// One offering, its three parties in process, a memory store and a runner, on a clock that runs when all rest.
struct SettlementBench: Sendable {
    let clock: SimulatedClock
    let book: MemoryOfferingBook
    /// The other offering that is sealed after it.
    let neighbour: MemoryOfferingBook?
    let world: MockWorld
    let store: MemoryStore
    let runner: Runner
    let operations: Operations
    let inspection: Inspection

    static let ann = Operator(name: "ann", role: .admin)

    var offering: Offering { book.offering }
    var id: SagaID { Self.saga(offering.id.rawValue) }

    init(
        _ terms: Terms = Terms(), units: [(investor: String, units: UInt64)],
        faults: Adapters.FaultPlan = Adapters.FaultPlan(), beside neighbour: MemoryOfferingBook? = nil,
        neighbourIsPaid: Bool = true, unpaid: Set<String> = [],
        register: (inout FlowRegistry, MemoryOfferingBook) -> Void = { _, _ in },
        reading: (any SettlementBooks) -> any SettlementBooks = { $0 }
    ) throws {
        let clock = SimulatedClock()
        let book = try MemoryOfferingBook(offering: terms.offering(after: clock.now()), units: units)
        let world = MockWorld(faults: faults, clock: clock)
        self.init(
            book, beside: neighbour, in: world,
            MemoryStore(clock: clock, digest: PlainSHA256(), handlers: FlowCatalogue.recordHandlers), clock,
            register: register, reading: reading)
        for book in neighbourIsPaid ? [book] + (neighbour.map { [$0] } ?? []) : [book] {
            try world.openAccounts(of: book, unpaid: unpaid)
        }
    }

    private init(
        _ book: MemoryOfferingBook, beside neighbour: MemoryOfferingBook?, in world: MockWorld, _ store: MemoryStore,
        _ clock: SimulatedClock, register: (inout FlowRegistry, MemoryOfferingBook) -> Void = { _, _ in },
        reading: (any SettlementBooks) -> any SettlementBooks = { $0 }
    ) {
        (self.book, self.neighbour, self.world, self.store, self.clock) = (book, neighbour, world, store, clock)
        var registry = FlowRegistry()
        let books = [book] + (neighbour.map { [$0] } ?? [])
        FlowCatalogue.register(
            into: &registry, book: OfferingShelf(books), books: reading(Self.books(of: world, and: store)),
            neighbours: ShelfNeighbours(books: books, store: store))
        register(&registry, book)
        runner = Runner(
            id: RunnerID("bench"),
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: world.settlementParties, digest: PlainSHA256(),
                entropy: SeededEntropy(seed: 7)))
        operations = Operations(runner: runner, singleHanded: true)
        inspection = Inspection(archive: store, registry: registry, digest: PlainSHA256(), singleHanded: true)
    }

    /// The same parties after an old copy was put back, older than the first hand-in: a store that knows of nothing, in
    /// a later life of the data; the offering is loaded as it was, or as told.
    func restored(
        as terms: Terms? = nil, units: [(investor: String, units: UInt64)] = [],
        reading: (any SettlementBooks) -> any SettlementBooks = { $0 }
    ) async throws -> SettlementBench {
        let store = MemoryStore(clock: clock, digest: PlainSHA256(), handlers: FlowCatalogue.recordHandlers)
        _ = try await store.commit([.reincarnate(reason: "test")], under: nil)
        let loaded = try terms.map {
            try MemoryOfferingBook(offering: $0.offering(after: clock.now()), units: units)
        }
        return SettlementBench(
            loaded ?? book, beside: neighbour, in: world, store, clock, reading: reading)
    }

    /// What of an offering tests vary.
    typealias Terms = SampleTerms

    private static func books(of world: MockWorld, and store: MemoryStore) -> MockSettlementBooks {
        MockSettlementBooks(world: world) {
            store.books.log(LedgerHandler.log).map { MockSettlementBooks.Line(key: $0.key, body: $0.body) }
        }
    }

    static func saga(_ text: String) -> SagaID {
        guard let id = SagaID(rawValue: text) else { preconditionFailure("\(text) is no saga id") }
        return id
    }

    static func offering(_ text: String) -> OfferingID {
        guard let id = OfferingID(rawValue: text) else { preconditionFailure("\(text) is no offering id") }
        return id
    }

    static func investor(_ text: String) -> InvestorID {
        guard let id = InvestorID(rawValue: text) else { preconditionFailure("\(text) is no investor id") }
        return id
    }

    /// Runs everything while a test looks on.
    func use(_ body: (SettlementBench) async throws -> Void) async throws {
        let operations = operations
        world.hook(
            MockHooks(notice: { notice in
                do {
                    _ = try await operations.accept(notice)
                    return true
                } catch {
                    return false
                }
            }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            let service = group.addTaskUnlessCancelled { await world.run() }
            #expect(service)
            do {
                try await body(self)
            } catch {
                runner.stop()
                group.cancelAll()
                throw error
            }
            runner.stop()
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }

    /// Submits the settlement, or another one; answers whether it is new.
    @discardableResult
    func submit(_ other: MemoryOfferingBook? = nil) async throws -> Bool {
        let sealed = (other ?? book).sealed
        return try await operations.submit(
            Self.saga(sealed.offering.id.rawValue), flow: OfferingSettlement.flow,
            input: try JournalEncoder().encode(sealed))
    }
}
