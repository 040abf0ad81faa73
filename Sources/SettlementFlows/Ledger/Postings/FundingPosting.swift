public import SagaEngine

/// A line is funded: what was not allotted is back with the investor, what is payable is with the issuer.
public struct FundingPosting: SettledRecordable {
    /// Whose offering.
    public let offering: OfferingID
    /// Whose line.
    public let investor: InvestorID
    /// The escrow account that is empty now.
    public let escrow: AccountID
    /// All that left it.
    public let released: Money
    /// The proof of the refund; `nil` where everything was allotted.
    public let refunded: RefundProof?
    /// The proof of the transfer; `nil` where nothing was.
    public let transferred: Settled<Transfer>?

    init(
        _ line: OfferingLine, refunded: RefundProof?, transferred: Settled<Transfer>?
    ) throws(Halt) {
        try RefundProof.check(refunded, covers: .unallotted, of: line)
        let payable = line.line.allotment.payable
        if let order = transferred?.instruction {
            guard order.offering == line.offering, order.investor == line.investor, order.amount == payable else {
                throw Halt(
                    code: "transfer_other", message: "the proof given is not that \(line.investor) paid \(payable)")
            }
        } else if payable.minorUnits != 0 {
            throw Halt(code: "transfer_unproved", message: "\(line.investor) has not paid \(payable) yet")
        }
        offering = line.offering
        investor = line.investor
        escrow = line.line.accounts.escrow
        released = line.line.allotment.paid
        self.refunded = refunded
        self.transferred = transferred
    }

    /// From escrow back and to the issuer; the investor is told.
    public func records() throws -> [Record] {
        let legs = EscrowLegs(investor: investor)
        let paid = transferred?.instruction.amount
        return try Posting.records(
            PostingSet(
                offering: offering, event: .funded, investor: investor,
                legs: legs.out(refunded?.amount, to: .refunded) + legs.out(paid, to: .issuer)),
            OutboxNotice(
                offering: offering, investor: investor, subject: .funded,
                figures: [paid, refunded?.amount].compactMap { $0?.description }))
    }

    /// All money has left the escrow account.
    public var chainEntry: ChainEntry { EscrowLegs.entry(escrow, released) }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("offering", offering)
            line.member("investor", investor)
            line.member("escrow", escrow)
            try line.member("released", released)
            if let refunded { try line.member("refunded", refunded) }
            if let transferred { try line.member("transferred", transferred) }
        }
    }
}
