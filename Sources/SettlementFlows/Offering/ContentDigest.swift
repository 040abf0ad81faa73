/// A SHA-256 of content, as 64 small hexadecimal digits.
public struct ContentDigest: TypedName {
    /// `digest`.
    public static let noun = "digest"
    /// A part of a path.
    public static let rule = NameRule.pathPart
    /// The 64 digits.
    public let rawValue: String

    /// A digest from its digits, or nil when they are not 64 small hexadecimal ones.
    public init?(rawValue: String) {
        let isDigit = { (byte: UInt8) in
            byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
                || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f")
        }
        guard rawValue.utf8.count == 64, rawValue.utf8.allSatisfy(isDigit) else { return nil }
        self.rawValue = rawValue
    }

    /// A digest from its 32 bytes; another number of bytes is a programming error.
    public init(bytes: [UInt8]) {
        precondition(bytes.count == 32, "a SHA-256 has 32 bytes")
        rawValue = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
