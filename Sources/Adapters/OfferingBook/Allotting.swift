internal import SagaEngine
internal import SettlementFlows

/// The jobs by which a sealed offering is allotted, in one turn of the offering: each looks whether it still stands.
struct Allotting: Sendable {
    /// How far the writing of lines or workings has come.
    struct Progress: Sendable {
        var last = ""
        var rows: Int64 = 0
        /// Σ of the quotients so far.
        var quotients: UInt128 = 0
        var isDone = false
    }

    private static let working = ["row", "investor_id", "units", "since", "quotient", "remainder"]
    private static let line = ["book", "investor_id", "units"]

    let record: BookRecord
    let outcome: AllotmentOutcome
    let turn: Int64
    /// How many rows one job takes.
    let pageRows: Int

    /// Begins a turn, and removes what an allotment that was cut off or overtaken has left; nil when one is published.
    static func begin(
        _ record: BookRecord, pageRows: Int, in connection: any TableConnection
    ) throws -> Allotting? {
        let rows = OfferingBookSchema.rows(of: record.number)
        return try connection.atomically {
            try OfferingTurn.prepare(record.offering.id, in: connection)
            let turn = try OfferingTurn.begin(record.offering.id, in: connection)
            let published = try connection.firstRow(
                "SELECT 1 FROM offering_book WHERE book = ? AND summary IS NOT NULL", .integer(record.number)
            ) { _ in true }
            guard published == nil else { return nil }
            try connection.run("DELETE FROM offering_line WHERE book = ?", .integer(record.number))
            try connection.run("DELETE FROM offering_working WHERE row BETWEEN ? AND ?", rows.first, rows.last)
            return Allotting(
                record: record, outcome: AllotmentOutcome(demand: record.demand, offering: record.offering), turn: turn,
                pageRows: pageRows)
        }
    }

    /// Does a job of this turn, whole or not at all.
    ///
    /// - Throws: `busy` when another turn has begun.
    func perform<Value>(in connection: any TableConnection, _ job: () throws -> Value) throws -> Value {
        try connection.atomically {
            try OfferingTurn.goOn(turn, of: record.offering.id, in: connection)
            return try job()
        }
    }

    /// Takes the next page of demands: to workings where units are shared, to lines where nothing needs sharing.
    func writePage(after before: Progress, in connection: any TableConnection) throws -> Progress {
        var progress = before
        try perform(in: connection) {
            let isShared = outcome == .prorated
            let (table, columns) = isShared ? ("offering_working", Self.working) : ("offering_line", Self.line)
            var count = 0
            try connection.insert(into: table, columns) { insertion in
                try connection.forEachRow(
                    """
                    SELECT investor_id, units, since FROM offering_demand
                    WHERE book = ? AND investor_id > ? ORDER BY investor_id LIMIT ?
                    """, .integer(record.number), .text(before.last), .integer(Int64(pageRows))
                ) { row in
                    count += 1
                    progress.last = row.text(0)
                    progress.rows += 1
                    if isShared {
                        progress.quotients += try writeWorking(row, number: progress.rows, by: insertion)
                    } else {
                        try insertion.bind(1, record.number)
                        try insertion.bind(2, progress.last)
                        try insertion.bind(3, row.blob(1))
                        try insertion.add()
                    }
                }
            }
            progress.isDone = count < pageRows
        }
        return progress
    }

    /// Ranks the remainders and makes lines of the workings, in one sorted statement.
    func rank(leftOver: UInt128, in connection: any TableConnection) throws {
        let rows = OfferingBookSchema.rows(of: record.number)
        try perform(in: connection) {
            try connection.run(
                """
                INSERT INTO offering_line(book, investor_id, units, quotient, remainder, rank)
                SELECT ?1, investor_id, units, quotient, remainder,
                    row_number() OVER (ORDER BY remainder DESC, since, investor_id)
                FROM offering_working WHERE row BETWEEN ?2 AND ?3 ORDER BY investor_id
                """, .integer(record.number), rows.first, rows.last)
            try connection.run(
                "UPDATE offering_book SET left_over = ? WHERE book = ?", .blob(WideInteger.bytes(leftOver)),
                .integer(record.number))
        }
    }

    /// Makes the lines visible.
    func publish(_ summary: AllotmentSummary, in connection: any TableConnection) throws {
        let text = try JournalEncoder().encode(summary)
        try perform(in: connection) {
            _ = try connection.run(
                "UPDATE offering_book SET summary = ? WHERE book = ? AND summary IS NULL", .blob(text),
                .integer(record.number))
        }
    }

    private func writeWorking(_ row: any TableRow, number: Int64, by insertion: any TableInsertion) throws -> UInt128 {
        guard let units = WideInteger.read(row, 1) else { throw OfferingBookDamage(table: "offering_demand") }
        let share = ProRata.share(
            of: units, supply: record.offering.unitsOffered.count, total: record.demand.count)
        try insertion.bind(1, record.number << OfferingBookSchema.lineBits | number)
        try insertion.bind(2, row.text(0))
        try insertion.bind(3, row.blob(1))
        try insertion.bind(4, row.int64(2))
        try insertion.bind(5, WideInteger.bytes(share.quotient))
        try insertion.bind(6, WideInteger.bytes(share.remainder))
        try insertion.add()
        return share.quotient
    }
}
