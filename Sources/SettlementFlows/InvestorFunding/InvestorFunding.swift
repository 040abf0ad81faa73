public import SagaEngine

/// Funds one line: what was not allotted goes back and is seen to, then what is payable goes to the issuer.
///
/// Before its transfer has had an effect a line can be taken out: then everything goes back.
public struct InvestorFunding: Saga, Excludable {
    /// What goes in.
    public typealias Input = OfferingLine
    /// What comes out.
    public typealias Output = Funding

    /// The flow's durable name.
    public static let name = "investor-funding"

    /// Open the books for the line, refund, transfer, post, record; and the way out.
    public enum Stage: String, SagaStage {
        case open, refund, refunded, transfer, transferred, post, record
        case refundRest, restRefunded, postExcluded, recordExcluded
    }

    /// A line that is paid for cannot be taken out.
    public static var excludedBy: [Stage] { [.transfer] }
    /// What becomes of a line that is taken out.
    public static var exclusion: String { "refunded in full, its units not made" }

    private let patience: SettlementPatience

    /// A flow that waits for counterparties as patiently as told.
    public init(patience: SettlementPatience = .standard) {
        self.patience = patience
    }

    /// Funds the line.
    public func run(_ line: OfferingLine, in saga: SagaContext<Stage>) async throws -> Funding {
        _ = try await saga.post(.open, Posting.opened(line))
        let refunded = try await returning(saga).refund(.unallotted, of: line, .refund, .refunded)
        let transferred = try await transfer(line, after: refunded, in: saga)
        let posting = try await saga.post(
            .post, Posting.funded(line, refunded: refunded, transferred: transferred))
        _ = try await saga.send(.record, ChainRecord(of: posting))
        return Funding(line, isExcluded: false)
    }

    /// Ends the line without the investor: everything they paid goes back.
    public func exclude(_ line: OfferingLine, in saga: SagaContext<Stage>) async throws -> Funding {
        // A line that pays nothing is refunded in full anyway, and may be posted as such already.
        guard line.line.allotment.payable.minorUnits > 0 else { return try await run(line, in: saga) }
        _ = try await saga.post(.open, Posting.opened(line))
        let refunded = try await returning(saga).refund(.unallotted, of: line, .refund, .refunded)
        let rest = try await returning(saga).refund(.rest, of: line, .refundRest, .restRefunded)
        let posting = try await saga.post(.postExcluded, Posting.excluded(line, refunded: refunded, rest: rest))
        _ = try await saga.send(.recordExcluded, ChainRecord(of: posting))
        return Funding(line, isExcluded: true)
    }

    private func transfer(
        _ line: OfferingLine, after refunded: RefundProof?, in saga: SagaContext<Stage>
    ) async throws -> Settled<Transfer>? {
        guard line.line.allotment.payable.minorUnits > 0 else { return nil }
        let order = try await saga.send(.transfer, Transfer(of: line, after: refunded))
        return try await saga.receive(.transferred, from: order, within: patience.settlement)
    }

    private func returning(_ saga: SagaContext<Stage>) -> MoneyReturn<Stage> {
        MoneyReturn(saga: saga, patience: patience)
    }
}
