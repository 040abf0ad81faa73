import SagaEngine
import SettlementFlows

/// Settles an offering in the legal order; `IllegalFlows` holds it with one line changed at a time.
struct LegalSettlement: Saga {
    typealias Input = SealedOffering
    typealias Output = String

    static let name = "legal-settlement"

    enum Stage: String, SagaStage { case allot, open, fund, mint, minted, book, recorded, distribute }

    let book: any OfferingBook

    func run(_ sealed: SealedOffering, in saga: SagaContext<Stage>) async throws -> String {
        let offering = sealed.offering
        let summary = try await saga.step(.allot) { try await book.allot(offering.id, input: sealed.input) }
        try await saga.pointOfNoReturn()
        _ = try await saga.post(.open, Posting.published(summary, of: offering))
        let lines = OfferingLines(of: summary, in: sealed, from: book)
        let funded = try await saga.forEach(.fund, in: lines, run: InvestorFunding.self)
        let order = try await saga.send(.mint, Mint(of: funded, for: offering, allotted: summary))
        let minted = try await saga.receive(.minted, from: order, within: .hours(48))
        let posting = try await saga.post(.book, Posting.minted(minted))
        _ = try await saga.send(.recorded, ChainRecord(of: posting, approvedBy: minted))
        let paid = saga.settled(funded)
        let delivered = try await saga.forEach(.distribute, in: paid, given: minted, run: LegalDistribution.self)
        return "\(delivered.count) lines, \(delivered.sum(of: "units")) units"
    }
}
