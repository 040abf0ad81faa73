public import SagaEngine

/// A line was taken out: everything the investor paid is back with them.
public struct ExclusionPosting: SettledRecordable {
    /// Whose offering.
    public let offering: OfferingID
    /// Whose line.
    public let investor: InvestorID
    /// The escrow account that is empty now.
    public let escrow: AccountID
    /// All that left it.
    public let released: Money
    /// The proof of the first refund; `nil` where everything was allotted.
    public let refunded: RefundProof?
    /// The proof of the rest's refund; `nil` where nothing was allotted.
    public let rest: RefundProof?

    init(_ line: OfferingLine, refunded: RefundProof?, rest: RefundProof?) throws(Halt) {
        try RefundProof.check(refunded, covers: .unallotted, of: line)
        try RefundProof.check(rest, covers: .rest, of: line)
        offering = line.offering
        investor = line.investor
        escrow = line.line.accounts.escrow
        released = line.line.allotment.paid
        self.refunded = refunded
        self.rest = rest
    }

    /// From escrow back; the investor is told.
    public func records() throws -> [Record] {
        let legs = EscrowLegs(investor: investor)
        return try Posting.records(
            PostingSet(
                offering: offering, event: .excluded, investor: investor,
                legs: legs.out(refunded?.amount, to: .refunded) + legs.out(rest?.amount, to: .refunded)),
            OutboxNotice(
                offering: offering, investor: investor, subject: .excluded, figures: [released.description]))
    }

    /// All money has left the escrow account.
    public var chainEntry: ChainEntry { EscrowLegs.entry(escrow, released) }
}
