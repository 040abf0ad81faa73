public import SagaEngine

/// The opening of an offering's books: the bounds that no line and no mint may pass.
public struct OfferingPosting: Postable {
    /// Whose books.
    public let offering: OfferingID
    /// What all lines paid.
    public let paid: Money
    /// What units are units of.
    public let token: AssetID
    /// The units allotted to all lines.
    public let allotted: Int128

    init(_ summary: AllotmentSummary, of offering: Offering) throws(Halt) {
        guard summary.offering == offering.id, summary.paid.currency == offering.unitPrice.currency else {
            throw Halt(code: "posting_wrong_offering", message: "the allotment given is not \(offering.id)'s")
        }
        self.offering = offering.id
        paid = summary.paid
        token = offering.tokenAsset
        allotted = try summary.allotted.signed
    }

    /// One set without legs.
    public func records() throws -> [Record] {
        let bounds = PostingSet.Bounds(
            currency: paid.currency.rawValue, paid: paid.minorUnits, token: token.rawValue, allotted: allotted)
        return try Posting.records(
            PostingSet(offering: offering, event: .published, legs: [], bounds: bounds), nil)
    }
}
