/// A connection to tables, as a job sees it: confined to the job and its thread.
///
/// The SQL is what SQLite 3.40 and PostgreSQL 15 both understand; where they differ, ``TableDialect`` says how.
/// Parameters are `?`, or `?1`, `?2` where one stands twice, never both in one statement, and `?` stands nowhere else.
/// Text is compared in byte order. Statements come from the code, are prepared once and kept.
public protocol TableConnection {
    /// What is said differently here.
    var dialect: TableDialect { get }

    /// Runs SQL that may hold several statements and needs no values; for schemas, it is not kept.
    func execute(_ script: String) throws

    /// Runs one statement and answers how many rows it changed.
    @discardableResult
    func run(_ sql: String, with values: [TableValue]) throws -> Int

    /// Calls `body` for every row of a query with few rows: they may all be in memory before the first is looked at.
    ///
    /// `body` may run other statements, but not this one.
    func forEachRow(_ sql: String, with values: [TableValue], _ body: (any TableRow) throws -> Void) throws

    /// What `read` makes of the first row, or nil when there is none; the query should have no more than a few.
    func firstRow<Value>(
        _ sql: String, with values: [TableValue], _ read: (any TableRow) throws -> Value
    ) throws -> Value?

    /// Walks a query of any length, a bounded number of rows in memory at a time; inside ``atomically(_:)`` alone.
    ///
    /// `body` may run other statements and walk others, but not this one.
    func walk(_ sql: String, with values: [TableValue], _ body: (any TableWalk) throws -> Void) throws

    /// Fills a table with many rows; they are in it, or refused, when this returns.
    ///
    /// `body` may run other statements, which need not see the new rows. Inside ``atomically(_:)`` alone.
    func insert(into table: String, _ columns: [String], _ body: (any TableInsertion) throws -> Void) throws

    /// Runs `body` so that it is done whole or not at all: in a savepoint of an open transaction, or in one of its own.
    func atomically<Value>(_ body: () throws -> Value) throws -> Value
}

extension TableConnection {
    /// Runs one statement and answers how many rows it changed.
    @discardableResult
    public func run(_ sql: String, _ values: TableValue...) throws -> Int {
        try run(sql, with: values)
    }

    /// Calls `body` for every row of a query with few rows.
    public func forEachRow(_ sql: String, _ values: TableValue..., body: (any TableRow) throws -> Void) throws {
        try forEachRow(sql, with: values, body)
    }

    /// Walks a query of any length.
    public func walk(_ sql: String, _ values: TableValue..., body: (any TableWalk) throws -> Void) throws {
        try walk(sql, with: values, body)
    }

    /// What `read` makes of the first row, or nil when there is none; the query should have no more than a few.
    public func firstRow<Value>(
        _ sql: String, _ values: TableValue..., read: (any TableRow) throws -> Value
    ) throws -> Value? {
        try firstRow(sql, with: values, read)
    }
}
