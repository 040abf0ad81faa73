public import SagaEngine

/// A line's money is back with the investor, because the offering failed or was called off.
public struct ReturnPosting: SettledRecordable {
    /// Whose offering.
    public let offering: OfferingID
    /// Whose line.
    public let investor: InvestorID
    /// The escrow account that is empty now.
    public let escrow: AccountID
    /// All that left it.
    public let released: Money
    /// The proof of the refund.
    public let refunded: RefundProof?

    init(_ line: OfferingLine, refunded: RefundProof?) throws(Halt) {
        try RefundProof.check(refunded, covers: .whole, of: line)
        offering = line.offering
        investor = line.investor
        escrow = line.line.accounts.escrow
        released = line.line.allotment.paid
        self.refunded = refunded
    }

    /// From escrow back; the investor is told.
    public func records() throws -> [Record] {
        try Posting.records(
            PostingSet(
                offering: offering, event: .returned, investor: investor,
                legs: EscrowLegs(investor: investor).out(refunded?.amount, to: .refunded)),
            OutboxNotice(
                offering: offering, investor: investor, subject: .returned, figures: [released.description]))
    }

    /// All money has left the escrow account.
    public var chainEntry: ChainEntry { EscrowLegs.entry(escrow, released) }
}
