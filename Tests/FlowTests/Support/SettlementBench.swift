import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

/// One offering, its three parties in process, a memory store and a runner, on a clock that runs when all rest.
struct SettlementBench: Sendable {
    let clock = SimulatedClock()
    let book: MemoryOfferingBook
    let world: MockWorld
    let store: MemoryStore
    let runner: Runner
    let operations: Operations

    static let ann = Operator(name: "ann", role: .admin)

    var offering: Offering { book.offering }
    var id: SagaID { Self.saga(offering.id.rawValue) }

    init(
        _ terms: Terms = Terms(), units: [(investor: String, units: UInt64)],
        faults: Adapters.FaultPlan = Adapters.FaultPlan(),
        register: (inout FlowRegistry, MemoryOfferingBook) -> Void = { _, _ in }
    ) throws {
        book = try MemoryOfferingBook(offering: terms.offering(after: clock.now()), units: units)
        store = MemoryStore(clock: clock, digest: PlainSHA256(), handlers: FlowCatalogue.recordHandlers)
        world = MockWorld(faults: faults, clock: clock)
        var registry = FlowRegistry()
        FlowCatalogue.register(
            into: &registry, book: book, books: MockSettlementBooks(world: world, store: store))
        register(&registry, book)
        runner = Runner(
            id: RunnerID("bench"),
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: Self.parties(of: world), digest: PlainSHA256(),
                entropy: SeededEntropy(seed: 7)))
        operations = Operations(runner: runner, singleHanded: true)
        try openAccounts()
    }

    /// What of an offering tests vary.
    struct Terms {
        var id = "SG-TOWER-1"
        var price = "2520.00"
        var offered: UInt64 = 10
        var minimum: UInt64 = 1
        var refundTo = RefundRoute.deposit

        func offering(after now: Timestamp) throws -> Offering {
            try Offering(
                id: OfferingID(id), name: "Tower", unitPrice: Money(.sgd, text: price),
                unitsOffered: Units(UInt128(offered)), minimumUnits: Units(UInt128(minimum)),
                issuerAccount: AccountID("ISS-1"), treasuryAccount: AccountID("TRE-1"),
                tokenAsset: AssetID("DABS-\(id)"), refundTo: refundTo, closesAt: now,
                allotmentAt: now + .seconds(30), timeZone: "Asia/Singapore")
        }
    }

    /// The parties as they understand this module's instructions, and no others.
    static func parties(of world: MockWorld) -> [any Counterparty] {
        let mapping: SandboxOrder.Mapping = { instruction throws(Unrenderable) in
            guard Parties.recognise(instruction) else { throw Unrenderable("it is none of this business's own") }
            return try SandboxOrder.plain(instruction)
        }
        return [Parties.custodian, Parties.blockchain, Parties.bank].map {
            world.counterparty($0, instructions: Parties.instructions(for: $0), mapping: mapping)
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

    private func openAccounts() throws {
        let lines = try book.allotments()
        let (book, currency) = (book, book.offering.unitPrice.currency.rawValue)
        world.change { world in
            world.open("ISS-1", at: Parties.custodian)
            world.open("TRE-1", at: Parties.custodian)
            for line in lines {
                guard let accounts = book.investors[line.investor]?.accounts else { continue }
                world.deposit(line.paid.text, currency, into: accounts.escrow.rawValue, at: Parties.custodian)
                world.open(accounts.deposit.rawValue, at: Parties.custodian)
                world.open(accounts.token.rawValue, at: Parties.custodian)
            }
        }
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

    /// Submits the settlement; answers whether it is new.
    @discardableResult
    func submit() async throws -> Bool {
        try await operations.submit(
            id, flow: OfferingSettlement.flow, input: try JournalEncoder().encode(book.sealed))
    }
}
