import SagaEngine
import SettlementFlows
import Testing

@Suite struct OfferingTests {
    static func offering(
        price: Int128 = 507, offered: UInt128 = 100, minimum: UInt128 = 1, closesAt: Int64 = 1_000,
        allotmentAt: Int64 = 2_000, name: String = "Tower", timeZone: String = "Asia/Singapore",
        treasury: String = "TRE",
        asset: String = "DABS"
    ) throws -> Offering {
        try Offering(
            id: OfferingID("SG-1"), name: name, unitPrice: Money(.sgd, minorUnits: price),
            unitsOffered: Units(offered), minimumUnits: Units(minimum), issuerAccount: AccountID("ISS"),
            treasuryAccount: AccountID(treasury), tokenAsset: AssetID(asset), refundTo: .bank,
            closesAt: Timestamp(milliseconds: closesAt),
            allotmentAt: Timestamp(milliseconds: allotmentAt), timeZone: timeZone)
    }

    @Test func `JSON leads back to the same offering`() throws {
        let offering = try Self.offering(offered: UInt128(UInt64.max))
        let bytes = try JournalEncoder().encode(offering)
        #expect(try JournalDecoder().decode(Offering.self, from: bytes) == offering)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""units_offered":"18446744073709551615""#))
    }

    @Test func `terms that cannot be are refused by key`() throws {
        func key(_ make: () throws -> Offering) -> String? { #expect(throws: OfferingError.self) { try make() }?.key }
        #expect(key { try Self.offering(price: 0) } == "unit_price")
        #expect(key { try Self.offering(price: -1) } == "unit_price")
        #expect(key { try Self.offering(offered: 0) } == "units_offered")
        #expect(key { try Self.offering(offered: UInt128(UInt64.max) + 1) } == "units_offered")
        #expect(key { try Self.offering(minimum: UInt128(UInt64.max) + 1) } == "minimum_units")
        #expect(key { try Self.offering(allotmentAt: 999) } == "allotment_at")
        #expect(key { try Self.offering(closesAt: RFC3339.first - 1) } == "closes_at")
        #expect(key { try Self.offering(name: "") } == "name")
        #expect(key { try Self.offering(name: "a\nb") } == "name")
        #expect(key { try Self.offering(name: String(repeating: "n", count: 257)) } == "name")
        #expect(key { try Self.offering(timeZone: "") } == "time_zone")
        #expect(key { try Self.offering(treasury: "ISS") } == "treasury_account")
        #expect(key { try Self.offering(asset: "SGD") } == "token_asset")
        #expect(key { try Self.offering(asset: "USD") } == "token_asset", "another currency is no token, either")
        #expect(
            try Self.offering(allotmentAt: 1_000, name: String(repeating: "n", count: 256)).allotmentAt.milliseconds
                == 1_000)
    }

    @Test func `every term is in the bytes that the input digest covers`() throws {
        let texts = try [
            Self.offering(), Self.offering(price: 508), Self.offering(offered: 101), Self.offering(minimum: 2),
            Self.offering(closesAt: 1_001), Self.offering(allotmentAt: 2_001), Self.offering(name: "Other"),
            Self.offering(timeZone: "UTC"),
        ].map(\.canonicalText)
        #expect(Set(texts).count == texts.count)
    }

    @Test func `an investor describes nothing personal`() throws {
        let accounts = InvestorAccounts(
            escrow: try AccountID("E"), deposit: try AccountID("D"), token: try AccountID("T"),
            tokenAddress: try TokenAddress("0x1"))
        let investor = Investor(
            id: try InvestorID("INV-1"), name: "Secret", email: "Secret", accounts: accounts, bankAccount: "Secret",
            bankBIC: "Secret")
        var dumped = ""
        dump(investor, to: &dumped)
        for text in ["\(investor)", String(reflecting: investor), dumped] { #expect(!text.contains("Secret")) }
    }
}
