internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// A settlement to rehearse: who wants what, what goes wrong, and what a person does about it.
struct RehearsalScript: Sendable {
    /// What the person waits for before acting, and what they do.
    struct Intervention: Sendable {
        let saga: String
        let cause: Predicament.Cause
        let action: OperatorAction
    }

    let name: String
    var terms = SampleTerms()
    var units: [(investor: String, units: UInt64)] = Self.three
    var faults: [FaultRule] = []
    var intervention: Intervention?
    /// Whether an old copy of the data was put back before, so that it is looked for what is forgotten.
    var isRestored = false

    /// 12 units are asked for and 10 offered; the third gets all they asked for, so that there is nothing to refund.
    private static let three: [(investor: String, units: UInt64)] = [("INV-1", 6), ("INV-2", 4), ("INV-3", 2)]

    /// The runs that show every way through the flows, the plainest first.
    static let all: [RehearsalScript] = [
        RehearsalScript(name: "settled"),
        RehearsalScript(
            name: "a line without units", terms: SampleTerms(offered: 2), units: [("INV-1", 98), ("INV-2", 2)]),
        RehearsalScript(name: "too small", terms: SampleTerms(minimum: 50)),
        excluding("INV-2", of: three, as: "a refused line taken out"),
        excluding("INV-1", of: [("INV-1", 3)], as: "every line taken out"),
        holding(as: "units held"),
        calledOff(by: .cancel, as: "cancelled"),
        calledOff(by: .discard, as: "discarded"),
        excluding("INV-2", of: three, as: "a line taken out after a restore", isRestored: true),
        holding(as: "units held after a restore", isRestored: true),
        calledOff(by: .discard, as: "discarded after a restore", isRestored: true),
    ]

    private static func holding(as name: String, isRestored: Bool = false) -> RehearsalScript {
        RehearsalScript(
            name: name, faults: [refusal(of: "deliver", to: "INV-3")],
            intervention: Intervention(
                saga: "\(SampleTerms().id)/distribute/INV-3", cause: .refused, action: .exclude),
            isRestored: isRestored)
    }

    private static func excluding(
        _ investor: String, of units: [(investor: String, units: UInt64)], as name: String, isRestored: Bool = false
    ) -> RehearsalScript {
        RehearsalScript(
            name: name, units: units, faults: [refusal(of: "transfer", to: investor)],
            intervention: Intervention(
                saga: "\(SampleTerms().id)/fund/\(investor)", cause: .refused, action: .exclude),
            isRestored: isRestored)
    }

    private static func calledOff(
        by action: OperatorAction, as name: String, isRestored: Bool = false
    ) -> RehearsalScript {
        RehearsalScript(
            name: name,
            intervention: Intervention(saga: SampleTerms().id, cause: .awaitingMoment, action: action),
            isRestored: isRestored)
    }

    private static func refusal(of operation: String, to investor: String) -> FaultRule {
        FaultRule(.refusedLater, party: Parties.custodian, operation: operation, references: ["*\(investor)*"])
    }
}
