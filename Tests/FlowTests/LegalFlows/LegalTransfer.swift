import SagaEngine
import SettlementFlows

/// Pays for one line in the legal order; `IllegalFlows` holds it with one line changed at a time.
struct LegalTransfer: Saga {
    typealias Input = OfferingLine
    typealias Output = String

    static let name = "legal-transfer"

    enum Stage: String, SagaStage { case open, refund, refunded, transfer, transferred, post, record }

    func run(_ line: OfferingLine, in saga: SagaContext<Stage>) async throws -> String {
        _ = try await saga.post(.open, Posting.opened(line))
        let back = try await saga.send(.refund, Refund(.unallotted, of: line))
        let refunded = try await saga.receive(.refunded, from: back, within: .hours(24))
        let order = try await saga.send(.transfer, Transfer(of: line, after: .custody(refunded)))
        let paid = try await saga.receive(.transferred, from: order, within: .hours(24))
        let posting = try await saga.post(.post, Posting.funded(line, refunded: .custody(refunded), transferred: paid))
        return try await saga.send(.record, ChainRecord(of: posting)).receipt.id
    }
}
