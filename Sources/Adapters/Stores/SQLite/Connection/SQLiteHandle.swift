internal import CSQLite

/// Owns the C handle of a connection, so that statements and connection may go in any order.
final class SQLiteHandle {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        // v2: a statement that is still alive keeps the handle until it is finalised.
        sqlite3_close_v2(pointer)
    }

    /// The error of the call that just failed on this handle.
    func error(_ operation: String) -> SQLiteError {
        SQLiteError(
            extendedCode: sqlite3_extended_errcode(pointer), operation: operation,
            detail: String(cString: sqlite3_errmsg(pointer)))
    }
}
