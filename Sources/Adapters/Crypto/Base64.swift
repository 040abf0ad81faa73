internal import CCrypto

/// Base64 with padding (RFC 4648 §4), strict: one text for one byte string.
public enum Base64 {
    /// The longest input in either direction, in bytes.
    public static let limit = 1 << 30

    /// Encodes bytes, padded, in one line.
    public static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count <= limit, "base64 input is at most \(limit) bytes")
        let size = (bytes.count + 2) / 3 * 4
        // EVP_EncodeBlock writes a terminating zero after the text.
        let encoded = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            count = Int(EVP_EncodeBlock(buffer.baseAddress, bytes, Int32(bytes.count)))
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Decodes a text, or returns nil for anything but the very text that ``encode(_:)`` gives.
    ///
    /// White space, missing or surplus padding and non-zero trailing bits are refused, so that nobody can write one
    /// signature in two ways.
    public static func decode(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4), characters.count <= limit else { return nil }
        guard !characters.isEmpty else { return [] }
        let padding = characters.suffix(2).count { $0 == UInt8(ascii: "=") }
        var decodedCount = -1
        let decoded = [UInt8](unsafeUninitializedCapacity: characters.count / 4 * 3) { buffer, count in
            decodedCount = Int(EVP_DecodeBlock(buffer.baseAddress, characters, Int32(characters.count)))
            count = max(decodedCount - padding, 0)
        }
        guard decodedCount >= 0, encode(decoded) == text else { return nil }
        return decoded
    }
}
