import SagaEngine
import SettlementFlows

/// The funding of a line by an author who takes every error for a refusal: a child of the real settlement.
///
/// Waiting unwinds by an error, so this flow believes in every wait that the transfer has failed, and sends the money
/// back. The engine must not let it.
struct GreedyFunding: Saga {
    typealias Input = OfferingLine
    typealias Output = Funding
    typealias Stage = InvestorFunding.Stage

    static let name = InvestorFunding.name

    let books: any MovementBooks

    func run(_ line: OfferingLine, in saga: SagaContext<Stage>) async throws -> Funding {
        do {
            return try await InvestorFunding(books: books).run(line, in: saga)
        } catch {
            let order = try await saga.send(.refundRest, Refund(.rest, of: line))
            _ = try await saga.receive(.restRefunded, from: order, within: .hours(24))
            throw error
        }
    }
}
