public import SagaEngine

/// The one function that writes an effect's key in the sandbox's format.
///
/// The text is readable and needs no escaping in a path: letters, digits, `.`, `_` and `-` stay, `/` becomes `:`, `#`
/// becomes `~`, and every other byte becomes `=` and its two hexadecimal digits. Different keys give different texts.
public enum SandboxReference {
    /// The longest reference, in bytes.
    public static let longest = 200
    private static let keptOfLong = 131

    /// The reference of a key; one that would be too long keeps its beginning and ends in `!` and a SHA-256.
    public static func text(of key: IdempotencyKey) -> String {
        let escaped = escape(key.description)
        guard escaped.utf8.count > longest else { return escaped }
        let digest = SHA256Digest.hash(Array(key.description.utf8))
        return String(decoding: escaped.utf8.prefix(keptOfLong), as: UTF8.self) + "!" + Hex.encode(digest)
    }

    /// The family of a reference: its first part, by which a counterparty lists what one saga and its children caused.
    ///
    /// It is at most as long as what is kept of a long reference, so that every reference has its saga's family.
    public static func family(of reference: String) -> String {
        shortened(reference.utf8.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "!") })
    }

    /// The family of the references of a root saga and its children.
    public static func family(ofRoot saga: String) -> String { shortened(escape(saga).utf8[...]) }

    /// Whether a reference of a root saga's family is that saga's or a child's.
    ///
    /// Sagas whose written names agree in their first 131 bytes are one family; of those, only what is too long to be
    /// read back cannot be told apart.
    static func isOf(root saga: String, _ reference: String) -> Bool {
        let written = escape(saga)
        guard written.utf8.count >= keptOfLong, !reference.utf8.contains(UInt8(ascii: "!")) else { return true }
        return reference.utf8.starts(with: (written + ":").utf8)
    }

    private static func shortened(_ text: Substring.UTF8View) -> String {
        String(decoding: text.prefix(keptOfLong), as: UTF8.self)
    }

    /// Whether a text can be a reference: printable, safe in a path, and not too long.
    public static func isReference(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.utf8.allSatisfy { isKept($0) || ":~=!".utf8.contains($0) }
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isKept(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else if byte == UInt8(ascii: "/") {
                escaped += ":"
            } else if byte == UInt8(ascii: "#") {
                escaped += "~"
            } else {
                escaped += "=" + Hex.encode([byte])
            }
        }
        return escaped
    }

    private static func isKept(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
