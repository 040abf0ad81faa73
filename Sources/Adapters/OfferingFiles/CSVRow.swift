/// One row of a file, as bytes after unquoting, with the place of each field.
public struct CSVRow {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    var lines: [Int] = []

    /// The line on which the row begins, from 1.
    public var line: Int { lines.first ?? 0 }
    /// How many fields it has.
    public var count: Int { ends.count }

    /// The bytes of a field (from 0), valid only inside `body`.
    public func withBytes<Result>(_ field: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start(field)..<ends[field]])) }
    }

    /// The text of a field (from 0), or nil when it is not UTF-8.
    public func text(_ field: Int) -> String? {
        bytes.withUnsafeBytes { String(validating: $0[start(field)..<ends[field]], as: UTF8.self) }
    }

    private func start(_ field: Int) -> Int { field == 0 ? 0 : ends[field - 1] }
}
