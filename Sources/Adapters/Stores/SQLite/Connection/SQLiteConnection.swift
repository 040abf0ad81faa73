internal import CSQLite

/// One open SQLite database file, used by one thread at a time: it is not `Sendable`, and its owner confines it.
///
/// It is opened without SQLite's own mutex, so two threads in it at once would corrupt memory: give it to an actor with
/// its own executor or to a dedicated thread, and hand out values, never the connection. Statements are prepared once
/// and kept.
public final class SQLiteConnection {
    /// How a file is opened.
    public enum Access: Sendable {
        /// Reads and writes; the file is created when missing.
        case create
        /// Reads and writes a file that exists.
        case readWrite
        /// Reads only; every write is refused.
        case readOnly
    }

    /// How a transaction takes its lock.
    public enum Locking: String, Sendable {
        /// Takes locks when they are needed; right for reading.
        case deferred = "BEGIN DEFERRED"
        /// Takes the write lock at once, so that it cannot fail half-way with a busy database.
        case immediate = "BEGIN IMMEDIATE"
        /// Keeps readers out as well where the journal mode allows.
        case exclusive = "BEGIN EXCLUSIVE"
    }

    /// The most statements kept prepared; SQL comes from the code, so only a programming error reaches this.
    public static let statementLimit = 512

    private let handle: SQLiteHandle
    private var statements: [String: SQLiteStatement] = [:]

    /// Opens `path`; an empty path is a private temporary file that SQLite deletes when the connection goes.
    ///
    /// A locked file is waited for `busyMilliseconds` before `busy` is thrown.
    public init(path: String, access: Access = .create, busyMilliseconds: Int32 = 5_000) throws(SQLiteError) {
        _ = SQLiteTuning.isApplied
        let flags =
            switch access {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readWrite: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        var pointer: OpaquePointer?
        let result = sqlite3_open_v2(path, &pointer, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let pointer else {
            throw SQLiteError(extendedCode: SQLITE_NOMEM, operation: "open a database", detail: "no memory")
        }
        handle = SQLiteHandle(pointer)
        guard result == SQLITE_OK else { throw handle.error("open a database") }
        sqlite3_busy_timeout(pointer, busyMilliseconds)
    }

    /// The prepared statement for `sql`, from the cache after the first time. Hold on to it in hot loops.
    ///
    /// The same statement cannot be used twice at once: asking for it while a row of it is being read is a
    /// programming error.
    public func statement(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        if let known = statements[sql] {
            precondition(!known.isActive, "a statement is asked for while a row of it is being read")
            return known
        }
        precondition(statements.count < Self.statementLimit, "SQL is built at run time: bind values instead")
        let statement = try SQLiteStatement(sql, on: handle)
        statements[sql] = statement
        return statement
    }

    /// Runs SQL that may hold several statements and needs no values; for schemas and pragmas, it is not cached.
    public func execute(_ sql: String) throws(SQLiteError) {
        guard sqlite3_exec(handle.pointer, sql, nil, nil, nil) == SQLITE_OK else {
            throw handle.error("run a script")
        }
    }

    /// Runs one statement with `values` for its parameters and answers how many rows it changed.
    @discardableResult
    public func run(_ sql: String, _ values: TableValue...) throws(SQLiteError) -> Int {
        let statement = try statement(sql)
        try statement.bind(all: values)
        try statement.run()
        return changes
    }

    /// Calls `body` for every row of a query; `body` reads columns and must not keep the statement.
    public func forEachRow(
        _ sql: String, _ values: TableValue..., body: (SQLiteStatement) throws -> Void
    ) throws {
        let statement = try statement(sql)
        try statement.bind(all: values)
        defer { statement.reset() }
        while try statement.step() {
            try body(statement)
        }
    }

    /// What `read` makes of the first row, or nil when there is none.
    public func firstRow<Value>(
        _ sql: String, _ values: TableValue..., read: (SQLiteStatement) throws -> Value
    ) throws -> Value? {
        let statement = try statement(sql)
        try statement.bind(all: values)
        defer { statement.reset() }
        return try statement.step() ? try read(statement) : nil
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it or the commit throws.
    public func transaction<Value>(_ locking: Locking = .immediate, _ body: () throws -> Value) throws -> Value {
        try statement(locking.rawValue).run()
        do {
            let value = try body()
            try statement("COMMIT").run()
            return value
        } catch {
            try rollBack(after: error)
        }
    }

    /// Runs `body` in a savepoint, inside a transaction or as one: what it wrote is undone when it throws.
    ///
    /// The name is fixed in the code and of small letters only; nested savepoints need different ones.
    public func savepoint<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
        precondition(name.utf8.allSatisfy { UInt8(ascii: "a") <= $0 && $0 <= UInt8(ascii: "z") }, "letters only")
        try statement("SAVEPOINT \(name)").run()
        do {
            let value = try body()
            try statement("RELEASE \(name)").run()
            return value
        } catch {
            // A full disk or a failed read rolls the whole transaction back, and the savepoint with it.
            if isInTransaction {
                try statement("ROLLBACK TO \(name)").run()
                try statement("RELEASE \(name)").run()
            }
            throw error
        }
    }

    /// Runs `body` so that it is done whole or not at all: in a savepoint of an open transaction, or in one of its own.
    public func atomically<Value>(_ body: () throws -> Value) throws -> Value {
        isInTransaction ? try savepoint("atomically", body) : try transaction(.immediate, body)
    }

    /// Whether a transaction is open.
    public var isInTransaction: Bool { sqlite3_get_autocommit(handle.pointer) == 0 }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    public var changes: Int { Int(sqlite3_changes64(handle.pointer)) }

    /// The rowid of the last row inserted.
    public var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle.pointer) }

    private func rollBack(after error: any Error) throws -> Never {
        // A failed commit may have rolled back already; a second ROLLBACK would hide the cause.
        if isInTransaction { try statement("ROLLBACK").run() }
        throw error
    }
}
