public import SagaEngine

/// What the business posts, event by event; each demands the evidence that it happened.
public enum Posting {
    /// The allotment is published: the books of the offering are opened.
    public static func published(
        _ summary: AllotmentSummary, of offering: Offering
    ) throws(Halt) -> OfferingPosting {
        try OfferingPosting(summary, of: offering)
    }

    /// A line's books are opened with what the investor paid.
    public static func opened(_ line: OfferingLine) throws(Halt) -> OpeningPosting {
        try OpeningPosting(line)
    }

    /// A line is funded; a share of nothing needs no proof.
    public static func funded(
        _ line: OfferingLine, refunded: RefundProof?, transferred: Settled<Transfer>?
    ) throws(Halt) -> FundingPosting {
        try FundingPosting(line, refunded: refunded, transferred: transferred)
    }

    /// A line is taken out, everything went back.
    public static func excluded(
        _ line: OfferingLine, refunded: RefundProof?, rest: RefundProof?
    ) throws(Halt) -> ExclusionPosting {
        try ExclusionPosting(line, refunded: refunded, rest: rest)
    }

    /// A line's money went back whole, because the offering failed or was called off.
    public static func returned(_ line: OfferingLine, refunded: RefundProof?) throws(Halt) -> ReturnPosting {
        try ReturnPosting(line, refunded: refunded)
    }

    /// Units are made.
    public static func minted(_ approved: Approved<Mint>) -> MintPosting {
        MintPosting(approval: approved)
    }

    /// Units are delivered.
    public static func distributed(_ approved: Approved<UnitDelivery>) -> DistributionPosting {
        DistributionPosting(approval: approved)
    }

    /// The settlement is over; nothing moves, the issuer is told.
    public static func closed(_ settlement: Settlement) -> ClosingPosting {
        ClosingPosting(settlement: settlement)
    }

    /// The records of a posting set and of a notice about it.
    static func records(_ set: PostingSet?, _ notice: OutboxNotice?) throws -> [Record] {
        var records: [Record] = []
        if let set { records.append(Record(kind: PostingSet.recordKind, body: try JournalEncoder().line(set))) }
        if let notice {
            records.append(Record(kind: OutboxNotice.recordKind, body: try JournalEncoder().line(notice)))
        }
        return records
    }
}
