/// An offering of twenty investors, oversubscribed, in which two lines are made to go wrong.
struct SmallOffering {
    static let id = "SG-TOWER-2"
    static let investors = 20
    /// The line whose callback states a wrong amount.
    static let misquoted = investor(7)
    /// The line whose transfer is refused.
    static let refused = investor(13)

    static func investor(_ number: Int) -> String { "INV-2" + digits(number) }

    /// Writes the three files of an offering and answers with their folder.
    static func write(into folder: DemoFolder) throws -> String {
        var people = "investor_id,name,email,escrow_account,deposit_account,token_account,token_address,"
        people += "bank_account,bank_bic\n"
        var log = "subscription_id,investor_id,submitted_at,action,units\n"
        for number in 1...investors {
            let key = "2" + digits(number)
            people +=
                "\(investor(number)),Investor \(number),investor\(number)@example.com,ESC-\(key),DEP-\(key),TOK-\(key),"
            people +=
                "0x" + String(repeating: "0", count: 33) + "2\(digits(number))".suffix(8) + ",1000\(key),DBSSSGSG\n"
            let minute = digits(number).suffix(2)
            log += "SUB-\(key),\(investor(number)),2026-03-02T01:\(minute):00Z,apply,\(40 + number * 3)\n"
        }
        _ = try folder.write(terms, as: "\(id)/offering.json")
        _ = try folder.write(people, as: "\(id)/investors.csv")
        _ = try folder.write(log, as: "\(id)/subscriptions.csv")
        return folder.file(id)
    }

    private static func digits(_ number: Int) -> String { String("000000\(number)".suffix(6)) }

    private static let terms = """
        {
          "offering_id": "\(id)",
          "name": "Tower Two, Singapore",
          "currency": "SGD",
          "unit_price": "12.50",
          "units_offered": 1000,
          "minimum_units": 500,
          "issuer_account": "ISS-2000000",
          "treasury_account": "TRE-2000000",
          "token_asset": "DABS-SG-TOWER-2",
          "refund_to": "deposit",
          "closes_at": "2026-03-16T09:00:00Z",
          "allotment_at": "2026-03-18T02:00:00Z",
          "time_zone": "Asia/Singapore"
        }

        """
}
