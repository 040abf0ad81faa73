internal import SagaEngine
internal import SettlementFlows

/// Refuses investors whose accounts are the issuer's or the treasury's: they would pay themselves, or be paid by all.
enum HouseAccounts {
    static func refuse(_ offering: Offering, investors load: Int64, in connection: any TableConnection) throws {
        let house = [
            (offering.issuerAccount.rawValue, Offering.Key.issuerAccount.rawValue),
            (offering.treasuryAccount.rawValue, Offering.Key.treasuryAccount.rawValue),
        ]
        let columns = SharedAccounts.Column.allCases
        let rows = OfferingBookSchema.rows(of: load)
        var faults: RowFaults?
        try connection.walk(
            """
            SELECT row, \(columns.map(\.name).joined(separator: ", ")) FROM offering_investor
            WHERE row BETWEEN ?1 AND ?2 AND (\(columns.map { "\($0.name) IN (?3, ?4)" }.joined(separator: " OR ")))
            ORDER BY row
            """, rows.first, rows.last, .text(house[0].0), .text(house[1].0)
        ) { walk in
            while let row = try walk.next() {
                for (index, column) in columns.enumerated() {
                    let account = row.text(Int32(index + 1))
                    guard let (_, key) = house.first(where: { $0.0.isSameBytes(as: account) }) else { continue }
                    let fault = RowFault(
                        part: .investors, line: Int(row.int64(0) & Int64(OfferingBookSchema.lastLine)),
                        column: column.rawValue, kind: .houseAccount,
                        message: "\(column.name) is the \(key) of the offering; an investor has accounts of their own")
                    if faults == nil { faults = RowFaults(fault) } else { faults?.add(fault) }
                }
            }
        }
        if let faults { throw OfferingBookError.badRows(faults) }
    }
}
