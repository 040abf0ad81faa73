import Adapters
import SagaEngine
import SettlementFlows
import Testing

@Suite struct OfferingFileTests {
    private static let lines = [
        #""offering_id": "SG-TOWER-1""#, #""name": "Tower One, Singapore""#, #""currency": "SGD""#,
        #""unit_price": "5.07""#, #""units_offered": 414531"#, #""minimum_units": 207265"#,
        #""issuer_account": "ISS-1""#, #""treasury_account": "TRE-1""#, #""token_asset": "DABS-1""#,
        #""refund_to": "deposit""#, #""closes_at": "2026-03-16T09:00:00Z""#,
        #""allotment_at": "2026-03-18T02:00:00Z""#, #""time_zone": "Asia/Singapore""#,
    ]

    private func read(replacing key: String? = nil, with line: String? = nil) throws(OfferingError) -> Offering {
        let lines = Self.lines.compactMap { key.map($0.hasPrefix) == true ? line : $0 }
        return try OfferingFile.read(Array(("{" + lines.joined(separator: ",\n") + "}").utf8))
    }

    private func refusedKey(_ key: String, _ line: String?) -> String? {
        #expect(throws: OfferingError.self) { try read(replacing: "\"\(key)\"", with: line) }?.key
    }

    @Test func `every key is read`() throws {
        let offering = try read()
        #expect(offering.id.rawValue == "SG-TOWER-1")
        #expect(offering.unitPrice == Money(.sgd, minorUnits: 507))
        #expect(offering.unitsOffered == Units(414_531))
        #expect(offering.minimumUnits == Units(207_265))
        #expect(offering.refundTo == .deposit)
        #expect(offering.closesAt.milliseconds == 1_773_651_600_000)
        #expect(offering.allotmentAt.milliseconds == 1_773_799_200_000)
        #expect(offering.timeZone == "Asia/Singapore")
    }

    @Test func `units are exact to 64 bits, as numbers and as strings`() throws {
        for value in ["18446744073709551615", "\"18446744073709551615\""] {
            #expect(
                try read(replacing: "\"units_offered\"", with: "\"units_offered\": \(value)").unitsOffered
                    == .largestInput)
        }
    }

    @Test(arguments: ["0", "-1", "1.5", "1.0", "1e3", "18446744073709551616", "\"x\"", "\"\"", "true", "null", "[1]"])
    func `units that are no whole number within 64 bits are refused`(value: String) {
        #expect(refusedKey("units_offered", "\"units_offered\": \(value)")?.hasPrefix("units_offered") == true)
    }

    @Test func `a price finer than the minor unit, not above zero or not a string is refused`() {
        for value in ["\"5.071\"", "\"0.00\"", "\"-5.07\"", "\"5,07\"", "\"\"", "5.07"] {
            #expect(refusedKey("unit_price", "\"unit_price\": \(value)")?.hasPrefix("unit_price") == true)
        }
    }

    @Test func `unknown, missing and doubled keys are refused by name`() {
        #expect(refusedKey("time_zone", #""timezone": "Asia/Singapore""#) == "timezone")
        for key in Offering.Key.allCases { #expect(refusedKey(key.rawValue, nil) == key.rawValue) }
        #expect(refusedKey("name", #""name": "a", "name": "b""#) != nil)
    }

    @Test func `a key that is nearly one suggests it`() {
        #expect(
            throws: OfferingError(
                key: "unit_prise", requirement: "is not a key of an offering; did you mean 'unit_price'?")
        ) {
            try OfferingFile.read(Array(#"{"unit_prise": "5.07"}"#.utf8))
        }
    }

    @Test(arguments: [
        ("offering_id", #""a/b""#), ("currency", #""QQQ""#), ("refund_to", #""cash""#), ("closes_at", #""yesterday""#),
        ("closes_at", #""2026-03-19T00:00:00Z""#), ("allotment_at", #""2026-03-18T02:00:00+08:00""#),
        ("time_zone", #""Mars/Olympus""#), ("name", "7"), ("issuer_account", #""""#),
    ])
    func `a value that cannot be is refused`(key: String, value: String) {
        #expect(refusedKey(key, "\"\(key)\": \(value)") != nil)
    }

    @Test(arguments: ["", "[]", "{", "{}x", "null"])
    func `what is no JSON object is refused`(text: String) {
        #expect(throws: OfferingError.self) { try OfferingFile.read(Array(text.utf8)) }
    }
}
