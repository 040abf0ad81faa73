/// The name of a schedule; the ids of the sagas that it starts are made of it.
public struct ScheduleName: ByteNamed, Sendable, CustomStringConvertible {
    /// The longest name, in bytes.
    public static let maximumLength = 64

    /// The name as text.
    public let rawValue: String

    /// Takes a name; nil unless it is letters, digits, `.`, `_` and `-`, and begins with one of the first two.
    public init?(rawValue: String) {
        guard rawValue.utf8.count <= Self.maximumLength, rawValue.utf8.allSatisfy(Self.isAllowed),
            let first = rawValue.unicodeScalars.first, first.properties.isAlphabetic || ("0"..."9").contains(first)
        else { return nil }
        self.rawValue = rawValue
    }

    /// The name as text.
    public var description: String { rawValue }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
