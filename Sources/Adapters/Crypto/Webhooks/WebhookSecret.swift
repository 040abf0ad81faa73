/// One symmetric secret of Standard Webhooks v1, with the id it goes by during a rotation.
public struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
    /// The id that the `webhook-key-id` header may name, if the secret has one.
    public let keyID: String?
    let key: [UInt8]

    /// Reads a secret.
    ///
    /// - Parameters:
    ///   - text: `whsec_` and the strict base64 of 24 to 64 bytes.
    ///   - keyID: 1 to 64 letters, digits, `-`, `_` or `.`; nil for a secret without an id.
    /// - Throws: ``WebhookSecretError``, which never holds the text.
    public init(_ text: String, keyID: String? = nil) throws(WebhookSecretError) {
        guard text.hasPrefix("whsec_") else { throw .missingPrefix }
        guard let key = Base64.decode(String(text.dropFirst(6))) else { throw .notBase64 }
        guard (24...64).contains(key.count) else { throw .wrongSize }
        if let keyID, !Self.isKeyID(keyID) { throw .badKeyID }
        self.key = key
        self.keyID = keyID
    }

    /// The key id alone: a secret is never printed.
    public var description: String { "WebhookSecret(\(keyID ?? "no id"))" }

    /// A mirror that shows the key id alone.
    public var customMirror: Mirror { Mirror(self, children: ["keyID": keyID ?? "no id"]) }

    static func isKeyID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "-_.".unicodeScalars.contains(scalar))
            }
    }
}
