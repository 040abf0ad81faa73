import SagaEngine
import SettlementFlows

/// Delivers one investor's units in the legal order; `IllegalFlows` holds it with one line changed at a time.
struct LegalDistribution: EntrustedSaga {
    typealias Input = Funding
    typealias Output = LegalDelivery
    typealias Given = Approved<Mint>

    static let name = "legal-distribution"

    enum Stage: String, SagaStage { case deliver, delivered, post, record }

    func run(_ line: Funding, given minted: Approved<Mint>, in saga: SagaContext<Stage>) async throws -> LegalDelivery {
        let order = try await saga.send(.deliver, UnitDelivery(line, from: minted))
        let approved = try await saga.receive(.delivered, from: order, within: .hours(48))
        let posting = try await saga.post(.post, Posting.distributed(approved))
        let record = try await saga.send(.record, ChainRecord(of: posting, approvedBy: approved))
        return LegalDelivery(investor: line.investor, units: line.units, record: record.receipt.id)
    }
}

/// What was delivered.
struct LegalDelivery: Codable, Sendable, Tallied {
    let investor: InvestorID
    let units: Units
    let record: String

    var tally: Tally { Tally([Tally.Amount("units", Int128(clamping: units.count))]) }
}
