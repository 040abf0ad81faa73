internal import CCrypto

/// Comparison of secrets whose duration tells nothing about where they differ.
public enum ConstantTime {
    /// Whether two byte strings are equal; only their lengths can be learned from the time taken.
    public static func equals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return CRYPTO_memcmp(left, right, left.count) == 0
    }
}
