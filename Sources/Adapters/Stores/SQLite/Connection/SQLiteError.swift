internal import CSQLite

/// A call that SQLite refused: which kind of refusal, its exact result code and what was being done.
///
/// `description` names neither SQL nor bound values, so it may be logged and shown. `detail` is SQLite's own message
/// (it may name tables and columns, never values) for a person who debugs.
public struct SQLiteError: TableError, Equatable, CustomStringConvertible {
    /// The bounded kinds of refusal that callers decide on; every other result code is `other`.
    public enum Kind: String, Sendable, CaseIterable {
        case busy, locked, full, inputOutput = "io", corrupt, notADatabase = "not_a_database"
        case cannotOpen = "cannot_open", constraint, readOnly = "read_only", interrupted, outOfMemory = "out_of_memory"
        case tooBig = "too_big", misuse, schema, permission, other
    }

    /// SQLite's primary result code, such as 5 for `SQLITE_BUSY`.
    public let resultCode: Int32
    /// SQLite's extended result code, such as 1555 for a primary key that exists.
    public let extendedCode: Int32
    /// What was being done, in one or two words fixed in the code: `open`, `prepare`, `step`, `commit`.
    public let operation: String
    /// SQLite's own message for a person who debugs; not part of `description`.
    public let detail: String

    /// An error from the codes SQLite answered with.
    public init(extendedCode: Int32, operation: String, detail: String) {
        self.resultCode = extendedCode & 0xFF
        self.extendedCode = extendedCode
        self.operation = operation
        self.detail = detail
    }

    /// The kind of refusal, from the primary result code.
    public var kind: Kind {
        switch resultCode {
        case SQLITE_BUSY: .busy
        case SQLITE_LOCKED: .locked
        case SQLITE_FULL: .full
        case SQLITE_IOERR: .inputOutput
        case SQLITE_CORRUPT: .corrupt
        case SQLITE_NOTADB: .notADatabase
        case SQLITE_CANTOPEN: .cannotOpen
        case SQLITE_CONSTRAINT: .constraint
        case SQLITE_READONLY: .readOnly
        case SQLITE_INTERRUPT: .interrupted
        case SQLITE_NOMEM: .outOfMemory
        case SQLITE_TOOBIG: .tooBig
        case SQLITE_MISUSE, SQLITE_RANGE: .misuse
        case SQLITE_SCHEMA: .schema
        case SQLITE_PERM, SQLITE_AUTH: .permission
        default: .other
        }
    }

    /// Whether a unique index or primary key was violated, as opposed to another constraint.
    public var isUniqueViolation: Bool {
        extendedCode == SQLITE_CONSTRAINT | (6 << 8) || extendedCode == SQLITE_CONSTRAINT | (8 << 8)
    }

    /// Whether it may succeed later: someone else was at it, or there was no room.
    public var isPassing: Bool {
        switch kind {
        case .full, .busy, .locked, .outOfMemory, .interrupted: true
        case .inputOutput, .corrupt, .notADatabase, .cannotOpen, .readOnly, .permission, .constraint, .schema, .tooBig,
            .misuse, .other:
            false
        }
    }

    /// The bounded code for metrics and logs, such as `sqlite.busy`.
    public var code: String { "sqlite.\(kind.rawValue)" }

    /// Words without SQL and without values.
    public var description: String {
        "\(code): SQLite refused to \(operation): \(String(cString: sqlite3_errstr(resultCode))) (code \(extendedCode))"
    }
}
