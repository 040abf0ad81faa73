/// A value to bind to a statement's parameter. There is no floating point: this software has no use for it.
public enum SQLiteValue: Equatable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

extension SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    /// An integer literal as a bound integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A string literal as bound text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// `nil` as SQL NULL.
    public init(nilLiteral: ()) { self = .null }
}
