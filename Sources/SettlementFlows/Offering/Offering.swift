public import SagaEngine

/// The terms of one offering: what is sold, at which price, by when, and into which accounts.
public struct Offering: Hashable, Sendable {
    /// The longest name of an offering, in bytes of UTF-8.
    public static let longestName = 256
    /// The longest name of a time zone, in bytes.
    public static let longestTimeZone = 64

    /// Its name in every path; the settlement's saga id.
    public let id: OfferingID
    /// Its name for people.
    public let name: String
    /// What one unit costs, above zero; it fixes the currency.
    public let unitPrice: Money
    /// How many units are sold, from 1 to 64 bits.
    public let unitsOffered: Units
    /// The demand below which the offering fails, up to 64 bits.
    public let minimumUnits: Units
    /// The issuer's account at the custodian.
    public let issuerAccount: AccountID
    /// The account at the custodian that units are minted into.
    public let treasuryAccount: AccountID
    /// The token.
    public let tokenAsset: AssetID
    /// Where money goes back to.
    public let refundTo: RefundRoute
    /// The last moment a subscription may name.
    public let closesAt: Timestamp
    /// The moment from which money may move; not before `closesAt`.
    public let allotmentAt: Timestamp
    /// The IANA name of the zone whose calendar the offering follows, such as `Asia/Singapore`.
    public let timeZone: String

    /// An offering from its terms; throws an error that names the key of the first term that cannot be.
    public init(
        id: OfferingID, name: String, unitPrice: Money, unitsOffered: Units, minimumUnits: Units,
        issuerAccount: AccountID, treasuryAccount: AccountID, tokenAsset: AssetID, refundTo: RefundRoute,
        closesAt: Timestamp, allotmentAt: Timestamp, timeZone: String
    ) throws(OfferingError) {
        self.id = id
        self.name = name
        self.unitPrice = unitPrice
        self.unitsOffered = unitsOffered
        self.minimumUnits = minimumUnits
        self.issuerAccount = issuerAccount
        self.treasuryAccount = treasuryAccount
        self.tokenAsset = tokenAsset
        self.refundTo = refundTo
        self.closesAt = closesAt
        self.allotmentAt = allotmentAt
        self.timeZone = timeZone
        try validate()
    }

    private func validate() throws(OfferingError) {
        try Self.validate("name", name, longest: Self.longestName)
        try Self.validate("time_zone", timeZone, longest: Self.longestTimeZone)
        guard unitPrice.minorUnits > 0 else {
            throw OfferingError(key: "unit_price", requirement: "must be above zero")
        }
        guard unitsOffered >= Units(1), unitsOffered <= .largestInput else {
            throw OfferingError(key: "units_offered", requirement: "must be from 1 to \(Units.largestInput)")
        }
        guard minimumUnits <= .largestInput else {
            throw OfferingError(key: "minimum_units", requirement: "must be at most \(Units.largestInput)")
        }
        guard Currency(rawValue: tokenAsset.rawValue) == nil else {
            throw OfferingError(key: "token_asset", requirement: "must not be a currency: its units would be money")
        }
        guard treasuryAccount != issuerAccount else {
            throw OfferingError(key: "treasury_account", requirement: "must not be the issuer's account")
        }
        for (key, moment) in [("closes_at", closesAt), ("allotment_at", allotmentAt)] {
            guard (RFC3339.first...RFC3339.last).contains(moment.milliseconds) else {
                throw OfferingError(key: key, requirement: "must be in the years 0 to 9999")
            }
        }
        guard allotmentAt >= closesAt else {
            throw OfferingError(key: "allotment_at", requirement: "must not be before closes_at")
        }
    }

    private static func validate(_ key: String, _ text: String, longest: Int) throws(OfferingError) {
        guard !text.isEmpty, text.utf8.count <= longest, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw OfferingError(
                key: key, requirement: "must be 1 to \(longest) bytes of UTF-8 without control characters")
        }
    }

    /// The bytes that the input digest covers: the terms as text, ended by control characters no term can hold.
    public var canonicalText: String {
        let terms = [
            id.rawValue, name, unitPrice.currency.rawValue, unitPrice.text, unitsOffered.description,
            minimumUnits.description, issuerAccount.rawValue, treasuryAccount.rawValue, tokenAsset.rawValue,
            refundTo.rawValue, closesAt.rfc3339, allotmentAt.rfc3339, timeZone,
        ]
        return terms.joined(separator: "\u{1F}") + "\u{1E}"
    }
}
