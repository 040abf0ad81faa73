internal import SettlementFlows

/// Finds an account that stands twice in one file: every investor's money and units need accounts of their own.
///
/// Preflight asks of each line by itself whether its escrow account covers what was paid, so one account for two lines
/// would cover both with the money of one; and an escrow account that is a deposit account, too, is refunded into
/// itself. One account for an investor's own money and units is what many custodians have, and stays allowed.
enum SharedAccounts {
    /// A column that no two investors may agree in, with its place in the file from 1.
    enum Column: Int, CaseIterable {
        case escrow = 4
        case deposit, token

        /// Its name in the file and in the table.
        var name: String {
            switch self {
            case .escrow: "escrow_account"
            case .deposit: "deposit_account"
            case .token: "token_account"
            }
        }

        /// What an investor has in it.
        func account(of investor: Investor) -> AccountID {
            switch self {
            case .escrow: investor.accounts.escrow
            case .deposit: investor.accounts.deposit
            case .token: investor.accounts.token
            }
        }
    }

    /// Watches a column while its rows come: as long as each is greater than all above, none is there twice.
    struct Watch {
        let column: Column
        private(set) var isAscending = true
        /// The first and the last of its accounts in byte order; `nil` before the first row.
        private(set) var range: ClosedRange<AccountID>?

        init(_ column: Column) {
            self.column = column
        }

        mutating func see(_ investor: Investor) {
            let account = column.account(of: investor)
            guard let seen = range else { return range = account...account }
            if seen.upperBound < account {
                range = seen.lowerBound...account
            } else {
                isAscending = false
                if account < seen.lowerBound { range = account...seen.upperBound }
            }
        }

        /// Whether an account of this column can stand in another one, too.
        func meets(_ other: Watch) -> Bool {
            guard let range, let others = other.range else { return false }
            return range.overlaps(others)
        }
    }

    /// The first row of a load that repeats a column's account of a row above it; `nil` when none does.
    ///
    /// One sort of the column, which spills as the connection's other sorts do.
    static func fault(in column: Column, of load: Int64, in connection: any TableConnection) throws -> RowFault? {
        try fault(among: places(of: column), of: load, in: connection)
    }

    /// The first account of a load that stands above it or left of it, in any column; `nil` when none does.
    static func faultInAnyColumn(of load: Int64, in connection: any TableConnection) throws -> RowFault? {
        try fault(
            among: Column.allCases.map(places).joined(separator: " UNION ALL ")
                + " AND \(Column.token.name) <> \(Column.deposit.name)",
            of: load, in: connection)
    }

    /// The accounts of a column, each with its place: the line, and in the lowest bits the column.
    private static func places(of column: Column) -> String {
        """
        SELECT \(column.name) AS account,
            (row & \(OfferingBookSchema.lastLine)) << \(columnBits) | \(column.rawValue) AS place
        FROM offering_investor WHERE row BETWEEN ?1 AND ?2
        """
    }

    private static let columnBits: Int64 = 3

    private static func fault(
        among places: String, of load: Int64, in connection: any TableConnection
    ) throws -> RowFault? {
        let rows = OfferingBookSchema.rows(of: load)
        let isShared = try connection.firstRow(
            "SELECT 1 FROM (\(places)) placed GROUP BY account HAVING count(*) > 1 LIMIT 1", rows.first, rows.last
        ) { _ in true }
        guard isShared != nil else { return nil }
        let found = try connection.firstRow(
            """
            SELECT place, first FROM (
                SELECT place, min(place) OVER (PARTITION BY account) AS first FROM (\(places)) placed) compared
            WHERE place > first ORDER BY place LIMIT 1
            """, rows.first, rows.last
        ) { ($0.int64(0), $0.int64(1)) }
        return try found.map { place, first in try fault(at: place, repeating: first) }
    }

    private static func fault(at place: Int64, repeating first: Int64) throws -> RowFault {
        guard let column = Self.column(of: place), let other = Self.column(of: first) else {
            throw OfferingBookDamage(table: "offering_investor")
        }
        let owner = line(first) == line(place) ? "the same line" : "line \(line(first))"
        let message =
            if column == other {
                "\(column.name) is the one of \(owner); no two investors may share an account"
            } else {
                "\(column.name) is the \(other.name) of \(owner); an account has one purpose and one investor"
            }
        return RowFault(
            part: .investors, line: line(place), column: column.rawValue, kind: .duplicate, message: message)
    }

    private static func line(_ place: Int64) -> Int { Int(place >> columnBits) }

    private static func column(of place: Int64) -> Column? { Column(rawValue: Int(place & (1 << columnBits - 1))) }
}
