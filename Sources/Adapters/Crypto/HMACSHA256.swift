internal import CCrypto

/// HMAC-SHA-256 (RFC 2104) by libcrypto.
public enum HMACSHA256 {
    /// Authenticates a message with a key of any length up to 2 GiB; returns 32 bytes.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        precondition(key.count <= Int(Int32.max), "an HMAC key is at most 2 GiB")
        // libcrypto takes a null key for "the key of last time", so an empty key needs an address.
        let material = key.isEmpty ? [0] : key
        return [UInt8](unsafeUninitializedCapacity: SHA256Digest.size) { buffer, count in
            let done = saga_hmac_sha256(
                material, Int32(key.count), message, message.count, buffer.baseAddress)
            precondition(done == 1, "libcrypto refuses HMAC-SHA-256, which only a broken or restricted build does")
            count = SHA256Digest.size
        }
    }
}
