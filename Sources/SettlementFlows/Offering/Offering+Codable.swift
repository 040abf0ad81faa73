internal import SagaEngine

extension Offering: Codable {
    /// The keys of `offering.json`.
    public enum Key: String, CodingKey, CaseIterable, Sendable {
        case id = "offering_id"
        case name, currency
        case unitPrice = "unit_price"
        case unitsOffered = "units_offered"
        case minimumUnits = "minimum_units"
        case issuerAccount = "issuer_account"
        case treasuryAccount = "treasury_account"
        case tokenAsset = "token_asset"
        case refundTo = "refund_to"
        case closesAt = "closes_at"
        case allotmentAt = "allotment_at"
        case timeZone = "time_zone"
    }

    /// Reads the keys of `offering.json`, with units as strings of digits.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let currency = try values.decode(Currency.self, forKey: .currency)
        func moment(_ key: Key) throws -> Timestamp {
            guard let moment = Timestamp(rfc3339: try values.decode(String.self, forKey: key)) else {
                throw OfferingError(key: key.rawValue, requirement: "must be a time such as 2026-03-16T09:00:00Z")
            }
            return moment
        }
        try self.init(
            id: values.decode(OfferingID.self, forKey: .id), name: values.decode(String.self, forKey: .name),
            unitPrice: Money(currency, text: values.decode(String.self, forKey: .unitPrice)),
            unitsOffered: values.decode(Units.self, forKey: .unitsOffered),
            minimumUnits: values.decode(Units.self, forKey: .minimumUnits),
            issuerAccount: values.decode(AccountID.self, forKey: .issuerAccount),
            treasuryAccount: values.decode(AccountID.self, forKey: .treasuryAccount),
            tokenAsset: values.decode(AssetID.self, forKey: .tokenAsset),
            refundTo: values.decode(RefundRoute.self, forKey: .refundTo), closesAt: moment(.closesAt),
            allotmentAt: moment(.allotmentAt), timeZone: values.decode(String.self, forKey: .timeZone))
    }

    /// Writes the keys of `offering.json`, with units as strings of digits and times in UTC.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(id, forKey: .id)
        try values.encode(name, forKey: .name)
        try values.encode(unitPrice.currency, forKey: .currency)
        try values.encode(unitPrice.text, forKey: .unitPrice)
        try values.encode(unitsOffered, forKey: .unitsOffered)
        try values.encode(minimumUnits, forKey: .minimumUnits)
        try values.encode(issuerAccount, forKey: .issuerAccount)
        try values.encode(treasuryAccount, forKey: .treasuryAccount)
        try values.encode(tokenAsset, forKey: .tokenAsset)
        try values.encode(refundTo, forKey: .refundTo)
        try values.encode(closesAt.rfc3339, forKey: .closesAt)
        try values.encode(allotmentAt.rfc3339, forKey: .allotmentAt)
        try values.encode(timeZone, forKey: .timeZone)
    }
}
