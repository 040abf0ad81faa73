import Adapters
import SagaEngine
import SettlementFlows

/// A mock on the bench: time passes only when somebody waits.
final class MockBench: CounterpartyBench {
    let counterparty: any Counterparty
    let sendsNotices: Bool
    private let order: @Sendable (Int) -> TestOrder
    private let world: MockWorld
    private let clock = SteppingClock()
    private let waiting: NoticeShelf

    init(_ party: SandboxParty) {
        let shelf = NoticeShelf()
        waiting = shelf
        world = MockWorld(profiles: [.custodian(), .blockchain(), .bank()], clock: clock)
        world.hook(
            MockHooks(notice: { notice in
                shelf.put(notice)
                return true
            }))
        world.change { BenchAccounts.open(in: &$0) }
        counterparty = world.counterparty(
            CounterpartyName(rawValue: party.rawValue), instructions: [TestOrder.kind], mapping: BenchAccounts.mapping)
        sendsNotices = party != .blockchain
        order = { BenchAccounts.order($0, at: party) }
    }

    var books: any MovementBooks { world.movementBooks }

    func instruction(_ number: Int) -> any Instruction { order(number) }

    func arm(_ rules: [FaultRule]) async {
        world.change { world in for rule in rules { _ = world.faults.add(rule) } }
    }

    func freeze() async {
        world.change { BenchAccounts.freeze(in: &$0) }
    }

    func finalNotice(about reference: String) async -> Notice {
        while true {
            if let notice = waiting.take(about: reference) { return notice }
            clock.pass(.milliseconds(100))
            await world.advance()
        }
    }

    func effects(of reference: String) async -> Int {
        world.book(of: counterparty.terms.name).effects.filter { $0.reference == reference }.count
    }
}
