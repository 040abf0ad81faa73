/// How much of one file is held at once.
public struct CSVLimits: Hashable, Sendable {
    /// 4 KiB a field and 16 KiB a row.
    public static let standard = CSVLimits(fieldBytes: 4_096, rowBytes: 16_384)

    /// The longest field, in bytes after unquoting.
    public let fieldBytes: Int
    /// The longest row, in bytes after unquoting.
    public let rowBytes: Int

    /// Limits in bytes.
    public init(fieldBytes: Int, rowBytes: Int) {
        self.fieldBytes = fieldBytes
        self.rowBytes = rowBytes
    }
}
