/// Tables in a PostgreSQL database, on a connection that is lent to one job after another.
final class PostgresTables: TableConnection {
    /// How many rows of a walk are in memory at a time.
    static let walkRows = 2_000
    /// The most statements kept prepared; SQL comes from the code, so only a programming error reaches this.
    static let statementLimit = 512

    let connection: PostgresConnection
    private var statements: [String: PostgresStatement] = [:]
    private var depth = 0
    private var walks = 0

    /// Lends a connection to jobs.
    init(_ connection: PostgresConnection) {
        self.connection = connection
    }

    var dialect: TableDialect { .postgreSQL }

    func execute(_ script: String) throws {
        try connection.execute(script)
    }

    func run(_ sql: String, with values: [TableValue]) throws -> Int {
        try answer(to: sql, values).changed
    }

    func forEachRow(_ sql: String, with values: [TableValue], _ body: (any TableRow) throws -> Void) throws {
        for row in try answer(to: sql, values).rows { try body(row) }
    }

    func firstRow<Value>(
        _ sql: String, with values: [TableValue], _ read: (any TableRow) throws -> Value
    ) throws -> Value? {
        guard let first = try answer(to: sql, values).first else { return nil }
        return try read(first)
    }

    func walk(_ sql: String, with values: [TableValue], _ body: (any TableWalk) throws -> Void) throws {
        precondition(connection.isInTransaction, "a walk goes inside of atomically")
        walks += 1
        defer { walks -= 1 }
        // Walks within walks are numbered by how deep they lie, so a text is prepared once for each depth.
        let cursor = "walk_\(walks)"
        _ = try answer(to: "DECLARE \(cursor) NO SCROLL CURSOR FOR " + sql, values)
        do {
            try body(PostgresWalk(cursor, on: connection))
        } catch {
            // In a failed transaction the cursor goes when that, or the savepoint, is undone.
            if connection.isAlive, !connection.hasTransactionFailed { try connection.execute("CLOSE \(cursor)") }
            throw error
        }
        try connection.execute("CLOSE \(cursor)")
    }

    func insert(into table: String, _ columns: [String], _ body: (any TableInsertion) throws -> Void) throws {
        precondition(connection.isInTransaction, "a table is filled inside of atomically")
        let insertion = PostgresInsertion(into: table, columns, on: connection)
        try body(insertion)
        try insertion.flush()
    }

    func atomically<Value>(_ body: () throws -> Value) throws -> Value {
        connection.isInTransaction ? try savepoint(body) : try transaction("BEGIN", body)
    }

    /// Runs `body` so that everything it reads is of one moment, and nothing can be written.
    func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    /// Undoes what a job has left open; false when it had left nothing open.
    func settle() throws(PostgresError) -> Bool {
        guard connection.isInTransaction else { return false }
        try connection.execute("ROLLBACK")
        return true
    }

    private func transaction<Value>(_ begin: String, _ body: () throws -> Value) throws -> Value {
        try connection.execute(begin)
        depth = 0
        do {
            let value = try body()
            // A transaction in which something has failed would answer COMMIT with a silent ROLLBACK.
            guard !connection.hasTransactionFailed else {
                throw PostgresError(.other, "a statement of the transaction has failed, and the job went on")
            }
            try connection.execute("COMMIT")
            return value
        } catch {
            if connection.isAlive { _ = try settle() }
            throw error
        }
    }

    private func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        depth += 1
        defer { depth -= 1 }
        let name = "atomically_\(depth)"
        try connection.execute("SAVEPOINT \(name)")
        do {
            let value = try body()
            try connection.execute("RELEASE \(name)")
            return value
        } catch {
            if connection.isAlive { try connection.execute("ROLLBACK TO \(name); RELEASE \(name)") }
            throw error
        }
    }

    private func answer(to sql: String, _ values: [TableValue]) throws(PostgresError) -> PostgresResult {
        try connection.run(.init(statement(sql, values), all: values.map(PostgresParameter.init)))
    }

    private func statement(_ sql: String, _ values: [TableValue]) -> PostgresStatement {
        let name = PostgresTableText.name(of: sql, values)
        if let known = statements[name] { return known }
        precondition(statements.count < Self.statementLimit, "SQL is built at run time: bind values instead")
        let statement = PostgresStatement(name, PostgresTableText.numbered(sql, values))
        statements[name] = statement
        return statement
    }
}

/// A cursor of the server's, fetched a page at a time.
private final class PostgresWalk: TableWalk {
    private let connection: PostgresConnection
    private let fetch: PostgresStatement
    private var page: PostgresResult?
    private var place: Int32 = 0
    private var isLastPage = false

    init(_ cursor: String, on connection: PostgresConnection) {
        self.connection = connection
        let sql = "FETCH \(PostgresTables.walkRows) FROM \(cursor)"
        fetch = PostgresStatement(sql, sql)
    }

    func next() throws -> (any TableRow)? {
        if let page, place < Int32(page.count) {
            defer { place += 1 }
            return PostgresRow(result: page, row: place)
        }
        if isLastPage { return nil }
        let fetched = try connection.run(.init(fetch))
        isLastPage = fetched.count < PostgresTables.walkRows
        page = fetched
        place = 1
        return fetched.first
    }
}

extension PostgresRow: TableRow {
    func lend(_ column: Int32, to body: (UnsafeRawBufferPointer) -> Void) {
        withBytes(column, body)
    }
}

extension PostgresParameter {
    /// A value of a table as it is sent.
    init(_ value: TableValue) {
        self =
            switch value {
            case .null: .null
            case .integer(let number): .bigint(number)
            case .text(let text): .text(text)
            case .blob(let bytes): .bytea(bytes)
            }
    }
}

extension PostgresError: TableError {
    var code: String { "postgres.\(kind.rawValue)" }

    var isUniqueViolation: Bool { kind == .duplicate }

    var isPassing: Bool {
        switch kind {
        case .connection, .contention, .stale, .readOnly, .resources: true
        case .duplicate, .damage, .schema, .guarded, .other: false
        }
    }
}
