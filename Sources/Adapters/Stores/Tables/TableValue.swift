/// A value that goes into a table or is compared with one. There is no floating point: this software has no use for it.
public enum TableValue: Equatable, Sendable {
    /// No value.
    case null
    /// A 64-bit integer.
    case integer(Int64)
    /// Text, compared by its bytes.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}

extension TableValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    /// An integer literal as a bound integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A string literal as bound text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// `nil` as SQL NULL.
    public init(nilLiteral: ()) { self = .null }
}
