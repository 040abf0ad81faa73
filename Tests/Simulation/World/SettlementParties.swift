import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// The adapters' mocks as a simulation's outside world, with every account that the offerings touch.
struct SettlementParties: SimulatedParties {
    let world: MockWorld
    let clock: SimulatedClock
    let counterparties: [any Counterparty]

    init(
        clock: SimulatedClock, faults: Adapters.FaultPlan, inbox: @escaping @Sendable (Notice) async -> Bool,
        offerings: [SimulatedOffering]
    ) {
        self.clock = clock
        world = MockWorld(faults: faults, clock: clock, hooks: MockHooks(notice: inbox))
        counterparties = world.settlementParties
        do {
            for offering in offerings { try world.openAccounts(of: offering.book) }
        } catch {
            preconditionFailure("a simulated offering cannot be allotted: \(error)")
        }
    }

    /// The real flows over these parties' books and a disk's ledger.
    func flows(of offerings: [SimulatedOffering], greedy isGreedy: Bool, on disk: any SimulatedDisk) -> FlowRegistry {
        let books = MockSettlementBooks(world: world) {
            disk.lines(of: LedgerHandler.log).map { MockSettlementBooks.Line(key: $0.key, body: $0.body) }
        }
        var registry = FlowRegistry()
        let shelf = OfferingShelf(offerings.map(\.book))
        let listed = ListedBooks(base: books, world: world, clock: clock)
        let neighbours = ShelfNeighbours(books: offerings.map(\.book), store: disk)
        guard isGreedy else {
            FlowCatalogue.register(into: &registry, book: shelf, books: listed, neighbours: neighbours)
            return registry
        }
        registry.register(OfferingSettlement(book: shelf, books: listed, neighbours: neighbours))
        registry.register(GreedyFunding(books: listed))
        registry.register(InvestorReturn())
        registry.register(UnitDistribution(books: listed))
        return registry
    }

    func run() async { await world.run() }

    func quiet() { world.change { $0.faults.quiet() } }

    var facts: [PartyFact] {
        [Parties.custodian, Parties.bank, Parties.blockchain].flatMap { party in
            world.journal(of: party).compactMap { Self.fact($0, party) }
        }
    }

    private static func fact(_ event: PartyEvent, _ party: CounterpartyName) -> PartyFact? {
        switch event {
        case .accepted(let reference, _, let order, let at):
            PartyFact(
                party: party, reference: reference,
                kind: .accepted(operation: order.operation, facts: order.facts), at: at)
        case .effect(let effect):
            PartyFact(
                party: party, reference: effect.reference,
                kind: .effect(number: effect.number, operation: effect.order.operation, facts: effect.order.facts),
                at: effect.at)
        case .refused(let reference, let code, _, let at):
            PartyFact(party: party, reference: reference, kind: .refused(code: code), at: at)
        case .noticeOwed(let id, let reference, _, _, let at):
            PartyFact(party: party, reference: reference, kind: .notice(id: id), at: at)
        case .opened, .preloaded, .deposited, .standing, .attempted, .deferred, .noticeClosed: nil
        }
    }
}
