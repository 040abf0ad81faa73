/// What a typed name may hold.
public enum NameRule: Sendable {
    /// 1 to 128 bytes of UTF-8 without control characters.
    case printable
    /// The same without `/` and `#`, because the name becomes a part of a saga's path.
    case pathPart

    /// The longest name, in bytes of UTF-8.
    public static let longest = 128

    /// What is wrong with the text, or nil when it is a name.
    public func breach(_ text: String) -> NameError.Breach? {
        if text.isEmpty { return .empty }
        if text.utf8.count > Self.longest { return .tooLong }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            // C0 controls and DEL are single bytes; C1 controls are 0xC2 and a byte below 0xA0.
            if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return .controlCharacter }
            if self == .pathPart && (byte == UInt8(ascii: "/") || byte == UInt8(ascii: "#")) { return .pathMark }
            previous = byte
        }
        return nil
    }

    /// Whether the text is a name under this rule.
    public func accepts(_ text: String) -> Bool { breach(text) == nil }
}
