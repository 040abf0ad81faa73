internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// One investor's accounts at the custodian, with the units that they have subscribed and paid for.
struct PaidAccounts: Sendable {
    var escrow: String
    var deposit: String
    var token: String
    var units = Units.zero
}

/// Works out what each investor paid from an offering's files, on its own: the custodian does not ask the platform.
struct SubscriptionSums {
    let directory: String

    /// The investors in the files' order; investors without live units have paid nothing.
    func accounts() async throws -> [PaidAccounts] {
        var accounts: [PaidAccounts] = []
        var places: [ByteText: Int] = [:]
        try await rows(.investors) { row in
            places[ByteText(row.text(0) ?? "")] = accounts.count
            accounts.append(
                PaidAccounts(escrow: row.text(3) ?? "", deposit: row.text(4) ?? "", token: row.text(5) ?? ""))
        }
        for (investor, units) in try await liveUnits().values {
            guard let place = places[ByteText(investor)] else { continue }
            accounts[place].units = try accounts[place].units.adding(units)
        }
        return accounts
    }

    private func liveUnits() async throws -> [ByteText: (investor: String, units: Units)] {
        var live: [ByteText: (investor: String, units: Units)] = [:]
        try await rows(.subscriptions) { row in
            let (id, investor, action) = (ByteText(row.text(0) ?? ""), row.text(1) ?? "", row.text(3) ?? "")
            if action == SubscriptionEvent.Action.cancel.rawValue {
                live[id] = nil
            } else {
                live[id] = (investor, try Units(text: row.text(4) ?? ""))
            }
        }
        return live
    }

    private func rows(_ part: OfferingPart, _ body: (CSVRow) throws -> Void) async throws {
        var parser = CSVParser(part: part)
        for try await chunk in FileChunks(path: "\(directory)/\(part.rawValue).csv") {
            var rows: [CSVRow] = []
            try parser.parse(chunk) { row throws(RowFault) in rows.append(row) }
            for row in rows { try body(row) }
        }
        var rest: [CSVRow] = []
        try parser.finish { row throws(RowFault) in rest.append(row) }
        for row in rest { try body(row) }
    }
}
