internal import SettlementFlows

/// Removes, page by page, rows that nothing refers to any more.
///
/// A page is removed by who holds the row that the rest belongs to, so several processes never take the same one for
/// the last.
enum BookTidying {
    /// How many rows one job removes.
    private static let pageRows: Int64 = 10_000

    /// Removes one page; false when there is nothing left to remove, or others are at it.
    static func removePage(in connection: any TableConnection) throws -> Bool {
        try connection.atomically {
            if let load = try firstDropped(in: connection) { return try removePage(ofLoad: load, in: connection) }
            return try removeWorkings(in: connection)
        }
    }

    private static func firstDropped(in connection: any TableConnection) throws -> Int64? {
        try connection.firstRow(
            "SELECT load FROM offering_load WHERE state = 'dropped' ORDER BY load LIMIT 1"
                + connection.dialect.holdingFree
        ) { $0.int64(0) }
    }

    private static func removePage(ofLoad load: Int64, in connection: any TableConnection) throws -> Bool {
        let rows = OfferingBookSchema.rows(of: load)
        var removed = 0
        for table in ["offering_event", "offering_investor"] {
            removed += try connection.run(
                "DELETE FROM \(table) WHERE row IN (SELECT row FROM \(table) WHERE row BETWEEN ?1 AND ?2 LIMIT ?3)",
                rows.first, rows.last, .integer(pageRows))
        }
        removed += try connection.run(
            """
            DELETE FROM offering_investor_key WHERE load = ?1 AND investor_id IN
            (SELECT investor_id FROM offering_investor_key WHERE load = ?1 LIMIT ?2)
            """, .integer(load), .integer(pageRows))
        if removed == 0 { try connection.run("DELETE FROM offering_load WHERE load = ?", .integer(load)) }
        return true
    }

    private static func removeWorkings(in connection: any TableConnection) throws -> Bool {
        let shift = OfferingBookSchema.lineBits
        let row = try connection.firstRow(
            """
            SELECT w.row FROM offering_working w
            JOIN offering_book b ON b.book = w.row >> \(shift) AND b.summary IS NOT NULL ORDER BY w.row LIMIT 1
            """
        ) { $0.int64(0) }
        guard let row else { return false }
        let held = try connection.firstRow(
            "SELECT book FROM offering_book WHERE book = ?" + connection.dialect.holdingFree, .integer(row >> shift)
        ) { $0.int64(0) }
        guard held != nil else { return false }
        let rows = OfferingBookSchema.rows(of: row >> shift)
        try connection.run(
            """
            DELETE FROM offering_working WHERE row IN
            (SELECT row FROM offering_working WHERE row BETWEEN ?1 AND ?2 LIMIT ?3)
            """, rows.first, rows.last, .integer(pageRows))
        return true
    }
}
