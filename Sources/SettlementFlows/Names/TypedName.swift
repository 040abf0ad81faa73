public import SagaEngine

/// A name from outside, such as an investor's or an account's: short, printable text of one kind.
///
/// Names are compared byte by byte, never by Unicode equivalence: two spellings that look alike are two names, in
/// every store and on every platform.
public protocol TypedName: ByteNamed, Codable, Sendable, CustomStringConvertible {
    /// What the name names, for messages: `investor id`.
    static var noun: String { get }
    /// What the name may hold.
    static var rule: NameRule { get }
}

extension TypedName {
    /// The name, or an error that says which rule the text breaks.
    public init(_ text: String) throws(NameError) {
        guard let name = Self(rawValue: text) else {
            throw NameError(noun: Self.noun, breach: Self.rule.breach(text) ?? .malformed)
        }
        self = name
    }

    /// The text itself.
    public var description: String { rawValue }

    /// Whether both are the same bytes.
    public static func == (left: Self, right: Self) -> Bool { left.rawValue.isSameBytes(as: right.rawValue) }

    /// Whether their bytes differ; the standard library's own would compare the texts.
    public static func != (left: Self, right: Self) -> Bool { !left.rawValue.isSameBytes(as: right.rawValue) }

    /// Byte order, as SQLite and PostgreSQL's "C" collation sort.
    public static func < (left: Self, right: Self) -> Bool { ByteText(left.rawValue) < ByteText(right.rawValue) }

    /// Feeds the bytes, in keeping with `==`.
    public func hash(into hasher: inout Hasher) { ByteText(rawValue).hash(into: &hasher) }
}
