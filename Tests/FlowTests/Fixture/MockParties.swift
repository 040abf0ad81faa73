import Adapters
import SagaEngine
import SagaTestKit

/// The adapters' mocks as a simulation's outside world.
struct MockParties: SimulatedParties {
    let world: MockWorld
    let counterparties: [any Counterparty]

    init(
        clock: SimulatedClock, faults: Adapters.FaultPlan, inbox: @escaping @Sendable (Notice) async -> Bool,
        offerings: [FixtureOffering]
    ) {
        world = MockWorld(faults: faults, clock: clock, hooks: MockHooks(notice: inbox))
        counterparties = [
            world.counterparty(
                "custodian",
                instructions: [
                    FixtureRefund.kind, FixtureTransfer.kind, FixtureMint.kind, FixtureDelivery.kind,
                ]),
            world.counterparty("bank", instructions: [FixtureBankRefund.kind]),
            world.counterparty("blockchain", instructions: [FixtureRecord.kind]),
        ]
        world.change { world in
            for offering in offerings {
                world.open(offering.issuer, at: "custodian")
                world.open(offering.treasury, at: "custodian")
                for line in offering.lines {
                    world.deposit(money(line.paid), "SGD", into: line.escrow, at: "custodian")
                    world.open(line.deposit, at: "custodian")
                    world.open(line.token, at: "custodian")
                }
            }
        }
    }

    func run() async { await world.run() }

    func quiet() { world.change { $0.faults.quiet() } }

    var facts: [PartyFact] {
        (["custodian", "bank", "blockchain"] as [CounterpartyName]).flatMap { party in
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

/// SHA-256 by libcrypto.
struct FixtureDigest: Digest {
    func sha256(_ bytes: [UInt8]) -> [UInt8] { SHA256Digest.hash(bytes) }
}
