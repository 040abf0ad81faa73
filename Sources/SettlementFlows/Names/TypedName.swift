/// A name from outside, such as an investor's or an account's: short, printable text of one kind.
///
/// Names are compared byte by byte, never by Unicode equivalence: two spellings that look alike are two names, in
/// every store and on every platform.
public protocol TypedName: RawRepresentable<String>, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
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
    public static func == (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    /// Byte order, as SQLite and PostgreSQL's "C" collation sort.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    /// Feeds the bytes, in keeping with `==`.
    public func hash(into hasher: inout Hasher) {
        var text = rawValue
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}
