internal import SettlementFlows

/// Reads allotment lines and investors back. Amounts are worked out from the terms and the stored working, which are
/// fixed: payable and refund of a line can never come out differently.
enum LineReading {
    private static let columns = "l.investor_id, l.units, l.quotient, l.remainder, l.rank"
    private static let accounts = "i.escrow_account, i.deposit_account, i.token_account, i.token_address"
    /// Every line has an investor. Joined so, no database begins at the investors and reads all of them for each page,
    /// as one does that has planned for small tables.
    private static let join = """
        offering_line l
        LEFT JOIN offering_investor_key k ON k.load = ?2 AND k.investor_id = l.investor_id
        LEFT JOIN offering_investor i ON i.row = k.row
        """

    /// A page of lines: of a book, from a load of investors, after an investor, so many.
    static let linesPage = """
        SELECT \(columns), \(accounts) FROM \(join)
        WHERE l.book = ?1 AND l.investor_id > ?3 ORDER BY l.investor_id LIMIT ?4
        """

    static func allotments(
        of record: BookRecord, after: InvestorID?, limit: Int, in connection: any TableConnection
    ) throws -> [InvestorAllotment] {
        var page: [InvestorAllotment] = []
        page.reserveCapacity(limit)
        try connection.forEachRow(
            """
            SELECT \(columns) FROM offering_line l
            WHERE l.book = ?1 AND l.investor_id > ?2 ORDER BY l.investor_id LIMIT ?3
            """, .integer(record.number), .text(after?.rawValue ?? ""), .integer(Int64(limit))
        ) { page.append(try allotment($0, of: record)) }
        return page
    }

    static func lines(
        of record: BookRecord, investorLoad: Int64, after: InvestorID?, limit: Int, in connection: any TableConnection
    ) throws -> [AllotmentLine] {
        var page: [AllotmentLine] = []
        page.reserveCapacity(limit)
        try connection.forEachRow(
            linesPage, .integer(record.number), .integer(investorLoad), .text(after?.rawValue ?? ""),
            .integer(Int64(limit))
        ) { page.append(try line($0, of: record)) }
        return page
    }

    static func line(
        of investor: InvestorID, in record: BookRecord, investorLoad: Int64, connection: any TableConnection
    ) throws -> AllotmentLine? {
        try connection.firstRow(
            "SELECT \(columns), \(accounts) FROM \(join) WHERE l.book = ?1 AND l.investor_id = ?3",
            .integer(record.number), .integer(investorLoad), .text(investor.rawValue)
        ) { try line($0, of: record) }
    }

    static func investor(_ id: InvestorID, load: Int64, in connection: any TableConnection) throws -> Investor? {
        try connection.firstRow(
            """
            SELECT \(accounts), i.name, i.email, i.bank_account, i.bank_bic
            FROM offering_investor_key k JOIN offering_investor i ON i.row = k.row
            WHERE k.load = ?1 AND k.investor_id = ?2
            """, .integer(load), .text(id.rawValue)
        ) { row in
            Investor(
                id: id, name: row.text(4), email: row.text(5), accounts: try investorAccounts(row, from: 0),
                bankAccount: row.text(6), bankBIC: row.text(7))
        }
    }

    private static func line(_ row: any TableRow, of record: BookRecord) throws -> AllotmentLine {
        AllotmentLine(allotment: try allotment(row, of: record), accounts: try investorAccounts(row, from: 5))
    }

    private static func allotment(_ row: any TableRow, of record: BookRecord) throws -> InvestorAllotment {
        guard let investor = InvestorID(rawValue: row.text(0)), let subscribed = WideInteger.read(row, 1) else {
            throw OfferingBookDamage(table: "offering_line")
        }
        var working: InvestorAllotment.Working?
        var allotted = AllotmentOutcome(demand: record.demand, offering: record.offering) == .failed ? 0 : subscribed
        if !row.isNull(4) {
            guard let quotient = WideInteger.read(row, 2), let remainder = WideInteger.read(row, 3),
                let leftOver = record.leftOver
            else { throw OfferingBookDamage(table: "offering_line") }
            let rank = Int(row.int64(4))
            working = InvestorAllotment.Working(
                quotient: Units(quotient), remainder: Units(remainder), rank: rank)
            allotted = quotient + (UInt128(rank) <= leftOver ? 1 : 0)
        }
        do throws(MoneyError) {
            return try InvestorAllotment(
                investor: investor, subscribed: Units(subscribed), allotted: Units(allotted),
                unitPrice: record.offering.unitPrice, working: working)
        } catch {
            throw OfferingBookError.arithmetic(record.offering.id, error)
        }
    }

    private static func investorAccounts(_ row: any TableRow, from column: Int32) throws -> InvestorAccounts {
        guard let escrow = AccountID(rawValue: row.text(column)),
            let deposit = AccountID(rawValue: row.text(column + 1)),
            let token = AccountID(rawValue: row.text(column + 2)),
            let address = TokenAddress(rawValue: row.text(column + 3))
        else { throw OfferingBookDamage(table: "offering_investor") }
        return InvestorAccounts(escrow: escrow, deposit: deposit, token: token, tokenAddress: address)
    }
}
