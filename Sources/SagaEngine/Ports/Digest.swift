/// SHA-256, by whatever library the host brings; the audit chain and every content address are made with it.
public protocol Digest: Sendable {
    /// The 32 bytes of SHA-256 (FIPS 180-4) over the given bytes.
    func sha256(_ bytes: [UInt8]) -> [UInt8]

    /// The same over bytes that are lent, as a link of the audit chain.
    func link(over bytes: UnsafeRawBufferPointer) -> ChainLink
}

extension Digest {
    /// By way of two arrays; a library that takes lent bytes does without.
    public func link(over bytes: UnsafeRawBufferPointer) -> ChainLink {
        ChainLink(bytes: sha256(Array(bytes)))
    }
}

extension Digest {
    /// The digest of some bytes in lowercase hexadecimal, 64 characters.
    public func hex(_ bytes: [UInt8]) -> String {
        Hex.string(sha256(bytes))
    }
}

/// Lowercase hexadecimal.
public enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two characters for each byte.
    public static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
