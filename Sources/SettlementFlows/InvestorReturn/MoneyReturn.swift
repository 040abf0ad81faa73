internal import SagaEngine

/// Sends a share of a line's money back by the offering's way, and sees it confirmed.
struct MoneyReturn<Stage: SagaStage> {
    let saga: SagaContext<Stage>
    let patience: SettlementPatience

    /// Returns the proof; `nil` where there is nothing to send back.
    func refund(
        _ share: RefundShare, of line: OfferingLine, _ sending: Stage, _ receiving: Stage
    ) async throws -> RefundProof? {
        guard line.amount(of: share).minorUnits > 0 else { return nil }
        switch line.refundTo {
        case .deposit:
            let order = try await saga.send(sending, Refund(share, of: line))
            return .custody(try await saga.receive(receiving, from: order, within: patience.settlement))
        case .bank:
            let order = try await saga.send(sending, BankRefund(share, of: line))
            return .bank(try await saga.receive(receiving, from: order, within: patience.bank))
        }
    }
}
