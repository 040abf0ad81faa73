internal import SagaEngine
internal import SettlementFlows

/// Writes the pages of a load, and lets a finished load take its place.
enum LoadWriting {
    private static let investorColumns = [
        "row", "investor_id", "name", "email", "escrow_account", "deposit_account", "token_account", "token_address",
        "bank_account", "bank_bic",
    ]
    private static let eventColumns = ["row", "subscription_id", "investor_id", "submitted_at", "action", "units"]

    static func insert(
        _ investors: [Numbered<Investor>], load: LoadID, at now: Timestamp, in connection: any TableConnection
    ) throws {
        try connection.atomically {
            try LoadLife.renew(load, at: now, in: connection)
            try connection.insert(into: "offering_investor", investorColumns) { insertion in
                for numbered in investors {
                    let investor = numbered.row
                    try insertion.bind(1, load.number << OfferingBookSchema.lineBits | Int64(numbered.line))
                    try insertion.bind(2, investor.id.rawValue)
                    try insertion.bind(3, investor.name)
                    try insertion.bind(4, investor.email)
                    try insertion.bind(5, investor.accounts.escrow.rawValue)
                    try insertion.bind(6, investor.accounts.deposit.rawValue)
                    try insertion.bind(7, investor.accounts.token.rawValue)
                    try insertion.bind(8, investor.accounts.tokenAddress.rawValue)
                    try insertion.bind(9, investor.bankAccount)
                    try insertion.bind(10, investor.bankBIC)
                    try insertion.add()
                }
            }
        }
    }

    static func insert(
        _ events: [Numbered<SubscriptionEvent>], load: LoadID, at now: Timestamp, in connection: any TableConnection
    ) throws {
        try connection.atomically {
            try LoadLife.renew(load, at: now, in: connection)
            try connection.insert(into: "offering_event", eventColumns) { insertion in
                for numbered in events {
                    let event = numbered.row
                    try insertion.bind(1, load.number << OfferingBookSchema.lineBits | Int64(numbered.line))
                    try insertion.bind(2, event.subscription.rawValue)
                    try insertion.bind(3, event.investor.rawValue)
                    try insertion.bind(4, event.submittedAt.milliseconds)
                    try insertion.bind(5, event.action.number)
                    try insertion.bind(6, Int64(bitPattern: event.units))
                    try insertion.add()
                }
            }
        }
    }

    static func finish(
        _ load: LoadID, _ open: OpenLoad, _ loaded: LoadedPart, at now: Timestamp, in connection: any TableConnection
    ) throws {
        do {
            try connection.atomically {
                try LoadLife.renew(load, at: now, in: connection)
                if open.part == .investors { try indexInvestors(load.number, in: connection) }
                try OfferingTurn.hold(open.offering, in: connection)
                try connection.run(
                    """
                    UPDATE offering_load SET state = 'dropped'
                    WHERE offering_id = ? AND part = ? AND state = 'current'
                    """,
                    .text(open.offering.rawValue), .text(open.part.rawValue))
                try connection.run(
                    """
                    UPDATE offering_load SET state = 'current', row_count = ?, last_time = ?, digest = ?
                    WHERE load = ?
                    """,
                    .integer(Int64(loaded.rows)), .integer(open.lastTime), .text(loaded.digest.rawValue),
                    .integer(load.number))
            }
        } catch let error as any TableError where error.isUniqueViolation {
            guard let fault = try listedTwice(load.number, in: connection) else { throw error }
            throw OfferingBookError.badRow(fault)
        }
    }

    /// In one sort, so that the index is written from its beginning to its end however the file is ordered.
    private static func indexInvestors(_ load: Int64, in connection: any TableConnection) throws {
        let rows = OfferingBookSchema.rows(of: load)
        try connection.run(
            """
            INSERT INTO offering_investor_key(load, investor_id, row)
            SELECT ?1, investor_id, row FROM offering_investor WHERE row BETWEEN ?2 AND ?3 ORDER BY investor_id, row
            """, .integer(load), rows.first, rows.last)
    }

    /// The first row of an investor that a row above it has listed already; `nil` when there is none.
    static func listedTwice(_ load: Int64, in connection: any TableConnection) throws -> RowFault? {
        let rows = OfferingBookSchema.rows(of: load)
        let row = try connection.firstRow(
            """
            SELECT row FROM (
                SELECT row, row_number() OVER (PARTITION BY investor_id ORDER BY row) AS place
                FROM offering_investor WHERE row BETWEEN ?1 AND ?2) numbered
            WHERE place > 1 ORDER BY row LIMIT 1
            """, rows.first, rows.last
        ) { $0.int64(0) }
        return row.map { row in
            RowFault(
                part: .investors, line: Int(row & Int64(OfferingBookSchema.lastLine)), column: 1, kind: .duplicate,
                message: "investor_id is listed already; an investor has one row")
        }
    }
}

extension SubscriptionEvent.Action {
    /// The number that stands for the action in the log's table.
    var number: Int64 {
        switch self {
        case .apply: 0
        case .amend: 1
        case .cancel: 2
        }
    }

    /// The action a number stands for, or nil for a number that was never written.
    init?(number: Int64) {
        guard let action = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = action
    }
}
