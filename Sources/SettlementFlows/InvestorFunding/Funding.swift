public import SagaEngine

/// How one line was funded: what the barrier sums up, and what its units are delivered by. Plain data.
public struct Funding: Hashable, Codable, Sendable, Tallied, JSONWritable {
    /// Whose offering it is.
    public let offering: OfferingID
    /// Whose line it is.
    public let investor: InvestorID
    /// Where their units go.
    public let tokenAccount: AccountID
    /// Where their units stand on the chain.
    public let tokenAddress: TokenAddress
    /// What they had paid.
    public let paid: Money
    /// What went back.
    public let refunded: Money
    /// What went to the issuer.
    public let transferred: Money
    /// The units they were allotted.
    public let allotted: Units
    /// Whether the line was taken out: everything went back, and its units are not made.
    public let isExcluded: Bool

    /// The units to be made and delivered: those allotted, or none for a line taken out.
    public var units: Units { isExcluded ? .zero : allotted }

    init(_ line: OfferingLine, isExcluded: Bool) {
        let allotment = line.line.allotment
        offering = line.offering
        investor = line.investor
        tokenAccount = line.line.accounts.token
        tokenAddress = line.line.accounts.tokenAddress
        paid = allotment.paid
        refunded = isExcluded ? allotment.paid : allotment.refund
        transferred = isExcluded ? .zero(allotment.paid.currency) : allotment.payable
        allotted = allotment.allotted
        self.isExcluded = isExcluded
    }

    /// The name of the sum of what was paid, in minor units.
    public static let paid = "paid"
    /// The name of the sum of what went back, in minor units.
    public static let refunded = "refunded"
    /// The name of the sum of what went to the issuer, in minor units.
    public static let transferred = "transferred"
    /// The name of the sum of units to be made.
    public static let units = "units"
    /// The name of the sum of allotted units that are not made.
    public static let excludedUnits = "excluded_units"

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("offering", offering)
            line.member("investor", investor)
            line.member("tokenAccount", tokenAccount)
            line.member("tokenAddress", tokenAddress)
            try line.member("paid", paid)
            try line.member("refunded", refunded)
            try line.member("transferred", transferred)
            line.member("allotted", allotted.description)
            line.member("isExcluded", isExcluded)
        }
    }

    /// Money, units, and whether the line was taken out.
    public var tally: Tally {
        // A line's units fit 127 bits: the flow has posted them, and the ledger refuses more.
        let count = Int128(clamping: allotted.count)
        return Tally(
            [
                Tally.Amount(Self.paid, paid.minorUnits), Tally.Amount(Self.refunded, refunded.minorUnits),
                Tally.Amount(Self.transferred, transferred.minorUnits),
                Tally.Amount(Self.units, isExcluded ? 0 : count),
                Tally.Amount(Self.excludedUnits, isExcluded ? count : 0),
            ], excluded: isExcluded)
    }
}
