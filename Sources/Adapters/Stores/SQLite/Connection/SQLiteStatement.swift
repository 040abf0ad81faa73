internal import CSQLite
internal import SagaEngine

/// A prepared statement: bind, step, read the row's columns, reset. Owned by the thread that owns its connection.
///
/// Bound bytes are copied by SQLite at once (`SQLITE_TRANSIENT`), so no caller has to keep a buffer alive until the
/// step: a temporary Swift array may be released right after the bind, and a borrowed pointer would then write garbage.
public final class SQLiteStatement {
    private let handle: SQLiteHandle
    private let pointer: OpaquePointer
    /// Whether a row is being looked at: the statement has been stepped and not reset.
    public private(set) var isActive = false

    /// Prepares one SQL statement that will be run many times.
    init(_ sql: String, on handle: SQLiteHandle) throws(SQLiteError) {
        var pointer: OpaquePointer?
        var sql = sql
        let result = sql.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                sqlite3_prepare_v3(
                    handle.pointer, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT), &pointer,
                    nil)
            }
        }
        guard result == SQLITE_OK else { throw handle.error("prepare a statement") }
        guard let pointer else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, operation: "prepare a statement", detail: "empty SQL")
        }
        self.handle = handle
        self.pointer = pointer
    }

    deinit {
        sqlite3_finalize(pointer)
    }

    /// Binds a 64-bit integer to the parameter at `index` (from 1).
    public func bind(_ index: Int32, _ value: Int64) throws(SQLiteError) {
        try check(sqlite3_bind_int64(pointer, index, value))
    }

    /// Binds UTF-8 text, copied, to the parameter at `index` (from 1).
    public func bind(_ index: Int32, _ value: String) throws(SQLiteError) {
        let result = value.withBytes { bytes in
            guard let text = bytes.assumingMemoryBound(to: CChar.self).baseAddress else {
                return sqlite3_bind_text(pointer, index, "", 0, Self.transient)
            }
            return sqlite3_bind_text64(
                pointer, index, text, sqlite3_uint64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
        }
        try check(result)
    }

    /// Binds bytes that are UTF-8 text, copied, to the parameter at `index` (from 1).
    func bind(_ index: Int32, utf8 value: [UInt8]) throws(SQLiteError) {
        // No bytes may have no address, and no address would be NULL.
        if value.isEmpty { return try bind(index, "") }
        let result = value.withUnsafeBytes { bytes in
            sqlite3_bind_text64(
                pointer, index, bytes.assumingMemoryBound(to: CChar.self).baseAddress, sqlite3_uint64(bytes.count),
                Self.transient, UInt8(SQLITE_UTF8))
        }
        try check(result)
    }

    /// Binds bytes, copied, to the parameter at `index` (from 1); no bytes are an empty blob, not NULL.
    public func bind(_ index: Int32, _ value: [UInt8]) throws(SQLiteError) {
        try check(value.withUnsafeBytes { bindBlob(index, $0) })
    }

    /// Binds borrowed bytes, copied, to the parameter at `index` (from 1); no bytes are an empty blob, not NULL.
    public func bind(_ index: Int32, bytes: UnsafeRawBufferPointer) throws(SQLiteError) {
        try check(bindBlob(index, bytes))
    }

    /// Binds blobs that stand side by side, without copying them, and runs the statement, whose rows are not wanted.
    ///
    /// SQLite reads the bytes where they are: they stay alive until the statement is done, and are unbound before they
    /// may go.
    ///
    /// - Parameters:
    ///   - bytes: The blobs, one behind the other.
    ///   - blobs: For each its parameter's index (from 1) and where it ends.
    /// - Throws: ``SQLiteError`` when the statement fails.
    func run(lending bytes: [UInt8], upTo blobs: [(index: Int32, end: Int)]) throws {
        try bytes.withUnsafeBytes { bytes in
            defer { for blob in blobs { sqlite3_bind_null(pointer, blob.index) } }
            var start = 0
            for blob in blobs {
                let range = start..<blob.end
                try check(bindBlob(blob.index, UnsafeRawBufferPointer(rebasing: bytes[range]), Self.borrowed))
                start = blob.end
            }
            try run()
        }
    }

    /// Binds SQL NULL to the parameter at `index` (from 1).
    public func bindNull(_ index: Int32) throws(SQLiteError) {
        try check(sqlite3_bind_null(pointer, index))
    }

    /// Binds a value of any kind to the parameter at `index` (from 1).
    public func bind(_ index: Int32, _ value: TableValue) throws(SQLiteError) {
        switch value {
        case .null: try bindNull(index)
        case .integer(let integer): try bind(index, integer)
        case .text(let text): try bind(index, text)
        case .blob(let bytes): try bind(index, bytes)
        }
    }

    /// Binds `values` to the parameters from 1 on.
    public func bind(all values: [TableValue]) throws(SQLiteError) {
        var index: Int32 = 1
        for value in values {
            try bind(index, value)
            index += 1
        }
    }

    /// Steps once: true when a row stands ready to be read, false when the statement is done (and has been reset).
    public func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW:
            isActive = true
            return true
        case SQLITE_DONE:
            reset()
            return false
        default:
            let error = handle.error("run a statement")
            reset()
            throw error
        }
    }

    /// Runs a statement whose rows, if any, are not wanted, and resets it.
    public func run() throws(SQLiteError) {
        if try step() { reset() }
    }

    /// Makes the statement ready to run again. Bindings stay until they are bound anew.
    public func reset() {
        // The result repeats the last step's error, which that step has thrown.
        sqlite3_reset(pointer)
        isActive = false
    }

    /// Whether the column (from 0) is NULL.
    public func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(pointer, column) == SQLITE_NULL
    }

    /// The column (from 0) as a 64-bit integer; NULL reads as 0.
    public func int64(_ column: Int32) -> Int64 {
        sqlite3_column_int64(pointer, column)
    }

    /// The column (from 0) as text; NULL reads as the empty string.
    public func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(pointer, column) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// The column (from 0) as bytes; NULL reads as no bytes.
    public func blob(_ column: Int32) -> [UInt8] {
        withBytes(column) { Array($0) }
    }

    /// The column's bytes (text or blob, column from 0) without a copy; valid only inside `body`.
    public func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = sqlite3_column_blob(pointer, column)
        return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
    }

    /// SQLite copies what is bound at once.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    /// SQLite reads what is bound where it is.
    private static let borrowed: sqlite3_destructor_type? = nil

    private func bindBlob(
        _ index: Int32, _ bytes: UnsafeRawBufferPointer, _ keeping: sqlite3_destructor_type? = transient
    ) -> Int32 {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(pointer, index, 0) }
        return sqlite3_bind_blob64(pointer, index, base, sqlite3_uint64(bytes.count), keeping)
    }

    private func check(_ result: Int32) throws(SQLiteError) {
        guard result == SQLITE_OK else { throw handle.error("bind a value") }
    }
}
