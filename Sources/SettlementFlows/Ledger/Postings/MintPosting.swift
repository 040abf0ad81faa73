public import SagaEngine

/// Units are made: they stand in the treasury.
public struct MintPosting: ApprovedRecordable {
    /// The custodian's approval; the amount comes from what it approves.
    public let approval: Approved<Mint>

    init(approval: Approved<Mint>) {
        self.approval = approval
    }

    /// From the duty to the treasury.
    public func records() throws -> [Record] {
        let mint = approval.instruction
        return try Posting.records(
            PostingSet(
                offering: mint.offering, event: .minted,
                legs: [
                    PostingSet.Leg(.issued, mint.asset.rawValue, 0 - mint.units),
                    PostingSet.Leg(.treasury, mint.asset.rawValue, mint.units),
                ], excludedUnits: mint.excludedUnits), nil)
    }

    /// The treasury's balance grows by the issue.
    public var chainEntry: ChainEntry {
        let mint = approval.instruction
        return ChainEntry(
            account: mint.to.rawValue, asset: mint.asset.rawValue, amount: String(mint.units), isCredit: true)
    }
}
