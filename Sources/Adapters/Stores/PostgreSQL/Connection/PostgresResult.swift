internal import CPostgreSQL
internal import SagaEngine

/// The rows that a statement gave, in binary; it owns libpq's memory for them.
final class PostgresResult {
    private let result: OpaquePointer

    /// Takes over a result of libpq.
    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    /// How many rows there are.
    var count: Int { Int(PQntuples(result)) }

    /// How many rows an `INSERT`, `UPDATE` or `DELETE` changed.
    var changed: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// The rows, one after the other.
    var rows: some Sequence<PostgresRow> {
        (0..<Int32(count)).lazy.map { PostgresRow(result: self, row: $0) }
    }

    /// The first row, if there is one.
    var first: PostgresRow? { count > 0 ? PostgresRow(result: self, row: 0) : nil }

    fileprivate func isNull(_ row: Int32, _ column: Int32) -> Bool { PQgetisnull(result, row, column) != 0 }

    fileprivate func bytes(_ row: Int32, _ column: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
    }
}

/// One row of a result; it keeps the result alive.
struct PostgresRow {
    let result: PostgresResult
    let row: Int32

    func isNull(_ column: Int32) -> Bool { result.isNull(row, column) }

    /// The column (from 0) as an integer of whatever width, a boolean as 0 or 1; 0 when it is NULL.
    func int64(_ column: Int32) -> Int64 {
        var number: Int64 = 0
        let bytes = result.bytes(row, column)
        if bytes.count > 1, let first = bytes.first, first & 0x80 != 0 { number = -1 }
        for byte in bytes { number = number << 8 | Int64(byte) }
        return number
    }

    func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

    /// The column as text; empty when it is NULL.
    func text(_ column: Int32) -> String { String(decoding: result.bytes(row, column), as: UTF8.self) }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The column's bytes; none when it is NULL.
    func blob(_ column: Int32) -> [UInt8] { Array(result.bytes(row, column)) }

    /// Lends the column's bytes; they are valid only inside `body`.
    func withBytes<Value>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try body(result.bytes(row, column))
    }

    /// The column as a link of a chain.
    func link(_ column: Int32) -> ChainLink {
        withBytes(column) { ChainLink(stored: $0) } ?? .cut
    }

    func timestamp(_ column: Int32) -> Timestamp { Timestamp(milliseconds: int64(column)) }
}
