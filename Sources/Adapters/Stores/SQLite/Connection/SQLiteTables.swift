/// Tables in a SQLite database, on a connection that is lent for one job.
struct SQLiteTables: TableConnection {
    let connection: SQLiteConnection

    /// Lends a connection to a job.
    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }

    var dialect: TableDialect { .sqlite }

    func execute(_ script: String) throws {
        try connection.execute(script)
    }

    func run(_ sql: String, with values: [TableValue]) throws -> Int {
        let statement = try connection.statement(sql)
        try statement.bind(all: values)
        try statement.run()
        return connection.changes
    }

    func forEachRow(_ sql: String, with values: [TableValue], _ body: (any TableRow) throws -> Void) throws {
        let statement = try connection.statement(sql)
        try statement.bind(all: values)
        defer { statement.reset() }
        while try statement.step() { try body(statement) }
    }

    func firstRow<Value>(
        _ sql: String, with values: [TableValue], _ read: (any TableRow) throws -> Value
    ) throws -> Value? {
        let statement = try connection.statement(sql)
        try statement.bind(all: values)
        defer { statement.reset() }
        return try statement.step() ? try read(statement) : nil
    }

    func walk(_ sql: String, with values: [TableValue], _ body: (any TableWalk) throws -> Void) throws {
        let statement = try connection.statement(sql)
        try statement.bind(all: values)
        defer { statement.reset() }
        try body(SQLiteWalk(statement))
    }

    func insert(into table: String, _ columns: [String], _ body: (any TableInsertion) throws -> Void) throws {
        let values = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        try body(
            try connection.statement("INSERT INTO \(table)(\(columns.joined(separator: ", "))) VALUES(\(values))"))
    }

    func atomically<Value>(_ body: () throws -> Value) throws -> Value {
        try connection.atomically(body)
    }
}

/// A statement that is stepped from row to row, once: a statement that is stepped behind its end begins anew.
private final class SQLiteWalk: TableWalk {
    private let statement: SQLiteStatement
    private var isDone = false

    init(_ statement: SQLiteStatement) {
        self.statement = statement
    }

    func next() throws -> (any TableRow)? {
        if isDone { return nil }
        guard try statement.step() else {
            isDone = true
            return nil
        }
        return statement
    }
}

extension SQLiteStatement: TableRow {
    /// Lends the column's bytes; they are valid only inside `body`.
    public func lend(_ column: Int32, to body: (UnsafeRawBufferPointer) -> Void) {
        withBytes(column, body)
    }
}

/// A prepared INSERT takes each row as it comes.
extension SQLiteStatement: TableInsertion {
    /// Runs the statement for the row that is bound.
    public func add() throws {
        try run()
    }
}
