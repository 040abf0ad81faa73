public import SagaEngine

/// The opening of a line's books: what the investor paid stands in their escrow account.
public struct OpeningPosting: Postable {
    /// Whose offering.
    public let offering: OfferingID
    /// Whose line.
    public let investor: InvestorID
    /// What they paid.
    public let paid: Money
    /// What units are units of.
    public let token: AssetID
    /// The units they were allotted.
    public let allotted: Int128

    init(_ line: OfferingLine) throws(Halt) {
        offering = line.offering
        investor = line.investor
        paid = line.line.allotment.paid
        token = line.tokenAsset
        allotted = try line.line.allotment.allotted.signed
    }

    /// From custody to escrow.
    public func records() throws -> [Record] {
        let asset = paid.currency.rawValue
        return try Posting.records(
            PostingSet(
                offering: offering, event: .opened, investor: investor,
                legs: [
                    PostingSet.Leg(.custody, asset, 0 - paid.minorUnits),
                    PostingSet.Leg(.escrow(investor), asset, paid.minorUnits),
                ],
                bounds: PostingSet.Bounds(
                    currency: asset, paid: paid.minorUnits, token: token.rawValue, allotted: allotted)), nil)
    }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("offering", offering)
            line.member("investor", investor)
            try line.member("paid", paid)
            line.member("token", token)
            line.member("allotted", allotted)
        }
    }
}
