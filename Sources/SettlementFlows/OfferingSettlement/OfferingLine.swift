/// One line of a published allotment with what settling it needs of the offering's terms: a child saga's input.
///
/// It names the investor by id and their accounts; nothing in it is personal.
public struct OfferingLine: Hashable, Codable, Sendable {
    /// Whose offering it is, and with it the parent saga's id.
    public let offering: OfferingID
    /// Where payable money goes.
    public let issuerAccount: AccountID
    /// What units are units of.
    public let tokenAsset: AssetID
    /// Where money goes back to.
    public let refundTo: RefundRoute
    /// The line as published.
    public let line: AllotmentLine

    /// A line of an offering.
    public init(_ line: AllotmentLine, of offering: Offering) {
        self.offering = offering.id
        issuerAccount = offering.issuerAccount
        tokenAsset = offering.tokenAsset
        refundTo = offering.refundTo
        self.line = line
    }

    /// Whose line it is.
    public var investor: InvestorID { line.investor }
    /// The currency of every amount on the line.
    public var currency: Currency { line.allotment.paid.currency }

    /// The amount that a share of the line comes to.
    public func amount(of share: RefundShare) -> Money {
        switch share {
        case .unallotted: line.allotment.refund
        case .rest: line.allotment.payable
        case .whole: line.allotment.paid
        }
    }
}
