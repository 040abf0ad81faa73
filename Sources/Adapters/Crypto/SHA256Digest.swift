internal import CCrypto

/// SHA-256 (FIPS 180-4) by libcrypto, at once or piece by piece.
///
/// The state is a plain value: a copy continues from the same point, and hashing allocates nothing but the result.
public struct SHA256Digest: Sendable {
    private var context: SHA256_CTX

    /// The number of bytes in a digest.
    public static let size = 32

    /// Starts a digest of the empty message.
    public init() {
        context = SHA256_CTX()
        SHA256_Init(&context)
    }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        SHA256_Update(&context, base, bytes.count)
    }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of what was appended so far, 32 bytes; more can be appended afterwards.
    public func finalize() -> [UInt8] {
        var last = context
        return [UInt8](unsafeUninitializedCapacity: Self.size) { buffer, count in
            SHA256_Final(buffer.baseAddress, &last)
            count = Self.size
        }
    }

    /// Lends the digest of one message, 32 bytes that are valid only inside `body`.
    static func withHash<Result>(
        of bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        var digest = SHA256Digest()
        digest.update(bytes)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { buffer in
            SHA256_Final(buffer.baseAddress, &digest.context)
            return body(UnsafeRawBufferPointer(buffer))
        }
    }

    /// The digest of one message, 32 bytes.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var digest = SHA256Digest()
        digest.update(bytes)
        return digest.finalize()
    }

    /// The digest of one message, 32 bytes.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of a text's UTF-8 bytes, 32 bytes.
    public static func hash(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of one message, whatever this value has been fed; the shape of the engine's digest port.
    public func sha256(_ bytes: [UInt8]) -> [UInt8] {
        Self.hash(bytes)
    }
}

// SHA256_CTX is a C struct of integers and arrays of integers: a value without pointers, safe to copy between threads.
extension SHA256_CTX: @unchecked @retroactive Sendable {}
