internal import SagaEngine

/// Walks an offering's investors in byte order beside another walk in the same order.
struct KnownInvestors {
    private let statement: SQLiteStatement
    private var hasRow: Bool

    init(load: Int64, in connection: SQLiteConnection) throws {
        statement = try connection.statement(
            "SELECT investor_id FROM offering_investor_key WHERE load = ? ORDER BY investor_id")
        try statement.bind(1, load)
        hasRow = try statement.step()
    }

    /// Whether the investor is listed; ids must be asked for in rising order.
    mutating func contains(_ investor: String) throws -> Bool {
        while hasRow {
            let listed = statement.text(0)
            if listed.isSameBytes(as: investor) { return true }
            if !listed.utf8.lexicographicallyPrecedes(investor.utf8) { return false }
            hasRow = try statement.step()
        }
        return false
    }

    /// Ends the walk.
    func end() { statement.reset() }
}
