/// A row that stands ready to be read; columns are counted from 0. It must not be kept.
public protocol TableRow {
    /// Whether the column is NULL.
    func isNull(_ column: Int32) -> Bool

    /// The column as a 64-bit integer; NULL reads as 0.
    func int64(_ column: Int32) -> Int64

    /// The column as text; NULL reads as the empty string.
    func text(_ column: Int32) -> String

    /// The column as bytes; NULL reads as no bytes.
    func blob(_ column: Int32) -> [UInt8]

    /// Lends the bytes of a column of bytes without a copy; they are valid only inside `body`.
    ///
    /// Not generic: a row is an existential, and an unspecialised generic costs more than the copy it saves.
    func lend(_ column: Int32, to body: (UnsafeRawBufferPointer) -> Void)
}
