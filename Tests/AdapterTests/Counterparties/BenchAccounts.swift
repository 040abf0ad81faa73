import Adapters
import SagaEngine

/// The accounts that the laws' instructions use, and the instructions, for each of the three counterparties.
enum BenchAccounts {
    static func open(in world: inout SimulatedWorld) {
        world.deposit("1000000.00", "SGD", into: "ESC-1", at: "custodian")
        world.open("ISS-1", at: "custodian")
        world.open("ESC-1", at: "blockchain")
    }

    static func freeze(in world: inout SimulatedWorld) {
        for party in ["custodian", "blockchain"] as [CounterpartyName] { world.set("ESC-1", .frozen, at: party) }
    }

    static func order(_ number: Int, at party: SandboxParty) -> TestOrder {
        let amount = "\(1_000 + number).50"
        switch party {
        case .custodian: return .transfer(amount)
        case .bank:
            return TestOrder(
                operation: "payment",
                facts: ["asset": "SGD", "amount": amount, "from": "ESC-1", "to": "1439024951", "bic": "UOVBSGSG"])
        case .blockchain:
            return TestOrder(
                operation: "record",
                facts: ["account": "ESC-1", "asset": "SGD", "amount": amount, "direction": "debit"])
        }
    }

    /// Takes the operation from the test's order itself.
    static let mapping: SandboxOrder.Mapping = { instruction throws(Unrenderable) in
        guard let order = instruction as? TestOrder else { throw Unrenderable("not one of the tests' orders") }
        return SandboxOrder(operation: order.operation, facts: order.facts)
    }
}
