public import SagaEngine

/// Units are delivered: they stand in the investor's name.
public struct DistributionPosting: ApprovedRecordable {
    /// The custodian's approval; the amount comes from what it approves.
    public let approval: Approved<UnitDelivery>

    init(approval: Approved<UnitDelivery>) {
        self.approval = approval
    }

    /// From the treasury to the investor, who is told.
    public func records() throws -> [Record] {
        let delivery = approval.instruction
        let units = try delivery.units.signed
        return try Posting.records(
            PostingSet(
                offering: delivery.offering, event: .distributed, investor: delivery.investor,
                legs: [
                    PostingSet.Leg(.treasury, delivery.asset.rawValue, 0 - units),
                    PostingSet.Leg(.units(delivery.investor), delivery.asset.rawValue, units),
                ]),
            OutboxNotice(
                offering: delivery.offering, investor: delivery.investor, subject: .distributed,
                figures: ["\(delivery.units) \(delivery.asset)"]))
    }

    /// The balance at the investor's address grows.
    public var chainEntry: ChainEntry {
        let delivery = approval.instruction
        return ChainEntry(
            account: delivery.tokenAddress.rawValue, asset: delivery.asset.rawValue,
            amount: delivery.units.description, isCredit: true)
    }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("approval", approval)
        }
    }
}
