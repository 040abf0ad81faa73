public import SagaEngine

/// The settlement is over: nothing moves any more, and the issuer is told.
public struct ClosingPosting: Postable {
    /// How it ended.
    public let settlement: Settlement

    init(settlement: Settlement) {
        self.settlement = settlement
    }

    /// A notice alone.
    public func records() throws -> [Record] {
        try Posting.records(
            nil,
            OutboxNotice(
                offering: settlement.offering, investor: nil, subject: .closed,
                figures: [
                    settlement.outcome.rawValue, settlement.transferred.description, settlement.refunded.description,
                ]))
    }
}
