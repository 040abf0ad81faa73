internal import SettlementFlows

/// Finds an account that two investors of one file have: every investor's money and units need accounts of their own.
///
/// Preflight asks of each line by itself whether its escrow account covers what was paid, so one account for two lines
/// would cover both with the money of one.
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

    /// Watches a column while its rows come: as long as each is greater than the one above, none is there twice.
    struct Watch {
        let column: Column
        private(set) var isAscending = true
        private var last: AccountID?

        init(_ column: Column) {
            self.column = column
        }

        mutating func see(_ investor: Investor) {
            guard isAscending else { return }
            let account = column.account(of: investor)
            isAscending = last.map { $0 < account } ?? true
            last = account
        }
    }

    /// The first row of a load that repeats a column's account of a row above it; `nil` when none does.
    ///
    /// One sort of the column, which spills as the connection's other sorts do.
    static func fault(in column: Column, of load: Int64, in connection: SQLiteConnection) throws
        -> RowFault?
    {
        let rows = OfferingBookSchema.rows(of: load)
        let isShared = try connection.firstRow(
            """
            SELECT 1 FROM offering_investor WHERE row BETWEEN ?1 AND ?2
            GROUP BY \(column.name) HAVING count(*) > 1 LIMIT 1
            """, rows.first, rows.last
        ) { _ in true }
        guard isShared != nil else { return nil }
        let found = try connection.firstRow(
            """
            SELECT row, first FROM (
                SELECT row, min(row) OVER (PARTITION BY \(column.name)) AS first
                FROM offering_investor WHERE row BETWEEN ?1 AND ?2)
            WHERE row > first ORDER BY row LIMIT 1
            """, rows.first, rows.last
        ) { (line($0.int64(0)), line($0.int64(1))) }
        return found.map { line, first in
            RowFault(
                part: .investors, line: line, column: column.rawValue, kind: .duplicate,
                message: "\(column.name) is the one of line \(first); no two investors may share an account")
        }
    }

    private static func line(_ row: Int64) -> Int { Int(row & Int64(OfferingBookSchema.lastLine)) }
}
