public import SagaEngine

/// The opening of an offering's books: the bounds that no line and no mint may pass.
public struct OfferingPosting: Postable {
    /// Whose books.
    public let offering: OfferingID
    /// What all lines paid.
    public let paid: Money
    /// The units allotted to all lines.
    public let allotted: Int128

    init(offering: OfferingID, paid: Money, allotted: Int128) {
        self.offering = offering
        self.paid = paid
        self.allotted = allotted
    }

    /// One set without legs.
    public func records() throws -> [Record] {
        let bounds = PostingSet.Bounds(paid: paid.minorUnits, allotted: allotted)
        return try Posting.records(
            PostingSet(offering: offering, event: .published, legs: [], bounds: bounds), nil)
    }
}
