/// The certificate a server shows, and its key.
public struct HTTPServerTLS: Sendable, CustomStringConvertible, CustomReflectable {
    let certificatePEM: String
    let keyPEM: String

    /// A certificate, its chain after it, and its key, in PEM.
    public init(certificatePEM: String, keyPEM: String) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }

    /// Nothing of the key: a secret is never printed.
    public var description: String { "HTTPServerTLS" }

    /// A mirror without the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
