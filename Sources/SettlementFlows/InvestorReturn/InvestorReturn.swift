public import SagaEngine

/// Gives one investor everything back, because the offering failed or was called off.
public struct InvestorReturn: Saga {
    /// What goes in.
    public typealias Input = OfferingLine
    /// What comes out.
    public typealias Output = ReturnedFunds

    /// The flow's durable name.
    public static let name = "investor-return"

    /// Open the books for the line, refund, post, record.
    public enum Stage: String, SagaStage { case open, refund, refunded, post, record }

    private let patience: SettlementPatience

    /// A flow that waits for counterparties as patiently as told.
    public init(patience: SettlementPatience = .standard) {
        self.patience = patience
    }

    /// Refunds the line in full.
    public func run(_ line: OfferingLine, in saga: SagaContext<Stage>) async throws -> ReturnedFunds {
        _ = try await saga.post(.open, Posting.opened(line))
        let refunded = try await MoneyReturn(saga: saga, patience: patience)
            .refund(.whole, of: line, .refund, .refunded)
        let posting = try await saga.post(.post, Posting.returned(line, refunded: refunded))
        _ = try await saga.send(.record, ChainRecord(of: posting))
        return ReturnedFunds(investor: line.investor, refunded: line.line.allotment.paid)
    }
}
