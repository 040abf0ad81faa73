internal import CCrypto

/// Random bytes fit for keys, tokens and nonces.
public enum SecureRandom {
    /// The most bytes one call gives.
    public static let limit = 65_536

    /// Draws bytes from libcrypto's generator.
    ///
    /// - Parameter count: how many, 0 to ``limit``.
    /// - Returns: as many bytes.
    /// - Throws: ``CryptoError/entropyUnavailable`` if the generator is not seeded.
    public static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        precondition((0...limit).contains(count), "one call draws 0 to \(limit) random bytes, not \(count)")
        var drawn = false
        let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, initialized in
            drawn = RAND_bytes(buffer.baseAddress, Int32(count)) == 1
            initialized = drawn ? count : 0
        }
        guard drawn else { throw .entropyUnavailable }
        return bytes
    }
}
