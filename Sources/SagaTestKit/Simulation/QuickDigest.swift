public import SagaEngine

/// Four mixed lanes of 64 bits in the place of SHA-256: it tells texts apart, and resists nobody.
///
/// A simulated run spends most of its time on hashing when it hashes for real. Nothing outside a simulation may use it.
public struct QuickDigest: Digest {
    private static let lanes: [UInt64] = [
        0x9E37_79B9_7F4A_7C15, 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB, 0xD6E8_FEB8_6659_FD93,
    ]

    /// Makes a digest; it holds nothing.
    public init() {}

    /// Thirty-two bytes that depend on every byte given and on their order.
    public func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var (a, b) = (Self.lanes[0] ^ UInt64(bytes.count), Self.lanes[1])
        bytes.withUnsafeBytes { raw in
            var place = 0
            while place < raw.count {
                let (low, high) = (Self.word(raw, place), Self.word(raw, place + 8))
                a = Self.mixed(a ^ low, Self.lanes[2] ^ high)
                b = Self.mixed(b ^ high, Self.lanes[3] &+ low) &+ a
                place += 16
            }
        }
        var output: [UInt8] = []
        output.reserveCapacity(32)
        for lane in Self.lanes {
            a = Self.mixed(a ^ lane, b &+ lane)
            b = Self.mixed(b, a | 1) ^ lane
            withUnsafeBytes(of: (a ^ b).littleEndian) { output.append(contentsOf: $0) }
        }
        return output
    }

    /// Eight bytes from a place on, zeros behind the end.
    private static func word(_ raw: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        if place + 8 <= raw.count {
            return UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        }
        var word: UInt64 = 0
        for index in stride(from: raw.count - 1, through: place, by: -1) where index < raw.count {
            word = word << 8 | UInt64(raw[index])
        }
        return word
    }

    /// The halves of the full product, folded; neither factor may vanish.
    private static func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: right ^ 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low ^ left
    }
}
