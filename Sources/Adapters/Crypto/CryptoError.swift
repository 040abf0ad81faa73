/// What the cryptographic library could not do.
public enum CryptoError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The operating system gave no random bytes.
    case entropyUnavailable

    /// A bounded name for logs and metrics.
    public var code: String {
        switch self {
        case .entropyUnavailable: "crypto.entropy_unavailable"
        }
    }

    /// The failure in words, with its remedy.
    public var description: String {
        switch self {
        case .entropyUnavailable:
            "libcrypto's random generator gave nothing; check that this system has a working getrandom()"
        }
    }
}
