public import SagaEngine
public import SettlementFlows

/// An offering's terms for rehearsals and tests: a small tower, of which callers vary what matters to them.
public struct SampleTerms: Sendable {
    /// How long after closing the units are allotted.
    public static let closing = Span.seconds(30)

    /// The offering's id.
    public var id: String
    /// What a unit costs, in major units of SGD.
    public var price: String
    /// How many units there are.
    public var offered: UInt64
    /// Below how many the offering fails.
    public var minimum: UInt64
    /// Where refunds go.
    public var refundTo: RefundRoute
    /// The token; one of the offering's own when there is none.
    public var token: String?

    /// Ten units at 2,520.00, refunded to deposit accounts, unless told otherwise.
    public init(
        id: String = "SG-TOWER-1", price: String = "2520.00", offered: UInt64 = 10, minimum: UInt64 = 1,
        refundTo: RefundRoute = .deposit, token: String? = nil
    ) {
        self.id = id
        self.price = price
        self.offered = offered
        self.minimum = minimum
        self.refundTo = refundTo
        self.token = token
    }

    /// The terms of an offering that closes now.
    public func offering(after now: Timestamp) throws -> Offering {
        try Offering(
            id: OfferingID(id), name: "Tower", unitPrice: Money(.sgd, text: price),
            unitsOffered: Units(UInt128(offered)), minimumUnits: Units(UInt128(minimum)),
            issuerAccount: AccountID("ISS-1"), treasuryAccount: AccountID("TRE-1"),
            tokenAsset: AssetID(token ?? "DABS-\(id)"), refundTo: refundTo, closesAt: now,
            allotmentAt: now + Self.closing, timeZone: "Asia/Singapore")
    }
}
