internal import SagaEngine
internal import SettlementFlows

/// A flow that has a chart, as its page introduces it.
struct ChartedFlow: Sendable {
    let id: FlowID
    let title: String
    /// What it does: the first sentence of its type's documentation.
    let sentence: String

    /// Every flow of the catalogue, the one that starts the others first.
    static let all = [
        ChartedFlow(
            id: OfferingSettlement.flow, title: "Offering settlement",
            sentence: "Settles one offering: money moves to the issuer, units move to the investors, all books agree."),
        ChartedFlow(
            id: InvestorFunding.flow, title: "Investor funding",
            sentence: "Funds one line: what was not allotted goes back and is seen to, "
                + "then what is payable goes to the issuer."),
        ChartedFlow(
            id: InvestorReturn.flow, title: "Investor return",
            sentence: "Gives one investor everything back, because the offering failed or was called off."),
        ChartedFlow(
            id: UnitDistribution.flow, title: "Unit distribution",
            sentence: "Delivers one investor's units, and lets the books say so once the custodian has approved it."),
    ]

    /// The flow of a name, with or without its version.
    static func named(_ name: String) -> ChartedFlow? {
        all.first { $0.id.name == name || $0.id.description == name }
    }
}
