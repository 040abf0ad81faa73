/// A row together with the line of its file that it began on, so that an error can say where.
public struct Numbered<Row: Sendable>: Sendable {
    /// The line, from 1; the header is line 1, and every row's line is above the one before.
    public let line: Int
    /// The row.
    public let row: Row

    /// A row on a line.
    public init(line: Int, row: Row) {
        self.line = line
        self.row = row
    }
}
