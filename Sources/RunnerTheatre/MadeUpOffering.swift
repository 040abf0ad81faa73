internal import Foundation

/// An offering made up from a seed, with accounts that no other offering has.
package struct MadeUpOffering {
    /// What one investor's line should come to, as `saga-runner allot` says.
    package struct Line {
        package let investor: String
        package let paid: Int128
        package let payable: Int128
        package let units: Int128
        package let escrow: String
        package let token: String
    }

    /// The most investors; more would subscribe after the offering has closed.
    package static let most = 1_000_000

    package let id: String
    package let folder: String
    package let issuer: String
    package let treasury: String
    package let lines: [Line]

    /// What an offering has in common with others, and when its units are allotted.
    package struct Circumstances {
        /// The number of the offering whose investors, with all their accounts, are this one's, too.
        package var investorsOf: Int?
        /// When the units are allotted.
        package var allotmentAt = "2026-03-18T02:00:00Z"

        package init(investorsOf: Int? = nil, allotmentAt: String? = nil) {
            self.investorsOf = investorsOf
            if let allotmentAt { self.allotmentAt = allotmentAt }
        }
    }

    /// Writes the three files of an offering of at most ``most`` investors, who want about 1.4 times what is offered.
    package static func write(
        number: Int, investors: Int, toBank: Bool, _ circumstances: Circumstances = Circumstances(),
        in parent: String, seed: UInt64, program: String
    ) async throws -> MadeUpOffering {
        let people = circumstances.investorsOf ?? number
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 7_919)
        let id = "OFFERING-\(number)"
        let folder = "\(parent)/\(id)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var register = "investor_id,name,email,escrow_account,deposit_account,token_account,token_address,"
        register += "bank_account,bank_bic\n"
        var log = "subscription_id,investor_id,submitted_at,action,units\n"
        var subscribed = 0
        for index in 1...investors {
            let tag = "\(people)-\(Self.padded(index))"
            let address = "0x" + Self.padded(people, 8) + Self.padded(index, 32)
            register += "INV-\(tag),Person \(index),p\(index)@example.com,ESC-\(tag),DEP-\(tag),TOK-\(tag),"
            register += "\(address),\(1_000_000_000 + index),DBSSSGSG\n"
            let units = Int.random(in: 1...500, using: &random)
            subscribed += units
            log += "SUB-\(tag),INV-\(tag),\(Self.moment(index)),apply,\(units)\n"
        }
        let offered = max(1, subscribed * 10 / 14)
        let terms = """
            {"offering_id":"\(id)","name":"Made up \(number)","currency":"SGD","unit_price":"5.07",
             "units_offered":\(offered),"minimum_units":\(max(1, offered / 2)),"issuer_account":"ISS-\(number)",
             "treasury_account":"TRE-\(number)","token_asset":"DABS-\(id)","refund_to":"\(toBank ? "bank" : "deposit")",
             "closes_at":"2026-03-16T09:00:00Z","allotment_at":"\(circumstances.allotmentAt)",
             "time_zone":"Asia/Singapore"}
            """
        for (name, text) in [("investors.csv", register), ("subscriptions.csv", log), ("offering.json", terms)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        let lines = try await Self.allot(folder, program)
        return MadeUpOffering(id: id, folder: folder, issuer: "ISS-\(number)", treasury: "TRE-\(number)", lines: lines)
    }

    package func file(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    }

    /// The stand-alone command is the oracle: it knows nothing of sagas, stores or counterparties.
    private static func allot(_ folder: String, _ program: String) async throws -> [Line] {
        let child = try ChildProcess(
            "allot", program,
            [
                "allot", "--offering", "\(folder)/offering.json", "--subscriptions", "\(folder)/subscriptions.csv",
                "--investors", "\(folder)/investors.csv",
            ], in: folder, life: 0)
        guard try await child.end(within: .seconds(60)) == 0 else {
            throw TheatreFailure("the oracle does not allot \(folder): \(try child.said())")
        }
        let table = try String(contentsOfFile: "\(folder)/allot.0.out", encoding: .utf8)
        return try table.split(separator: "\n").dropFirst().map { row in
            let fields = row.split(separator: ",")
            guard fields.count == 5, let units = Int128(fields[2]) else { throw TheatreFailure("no allotment: \(row)") }
            let payable = try minor(fields[3])
            let place = fields[0].dropFirst("INV-".count)
            return Line(
                investor: String(fields[0]), paid: try payable + minor(fields[4]), payable: payable, units: units,
                escrow: "ESC-\(place)", token: "TOK-\(place)")
        }
    }

    /// The moment of a subscription, a second after the one before; there are two weeks of them.
    private static func moment(_ second: Int) -> String {
        let time = [second / 3_600 % 24, second / 60 % 60, second % 60].map { padded($0, 2) }
        return "2026-03-\(padded(2 + second / 86_400, 2))T\(time.joined(separator: ":")).000Z"
    }

    private static func minor(_ text: Substring) throws -> Int128 {
        guard let amount = Int128(text.filter { $0 != "." }), text.suffix(3).first == "." else {
            throw TheatreFailure("no amount in cents: \(text)")
        }
        return amount
    }

    private static func padded(_ number: Int, _ width: Int = 7) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
