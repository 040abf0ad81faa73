/// What verification says of a callback; only ``verified(id:timestamp:)`` may be acted on.
public enum WebhookVerdict: Sendable, Equatable {
    /// The signature is right and the timestamp is fresh.
    case verified(id: String, timestamp: Int64)
    /// The signature is right, the timestamp is outside the tolerance: fit for the quarantine.
    case stale(id: String, timestamp: Int64)
    /// Well formed, and it names a key we do not hold: fit for the quarantine, and proof of nothing.
    case unknownKey(id: String, timestamp: Int64, keyID: String)
    /// Well formed, and none of our secrets made its signature.
    case forged(ForgedReason)
    /// It lacks what a signed callback has, or has it twice.
    case malformed(MalformedReason)

    /// Why a callback counts as forged.
    public enum ForgedReason: String, Sendable, CaseIterable {
        /// No candidate matches under any secret.
        case signatureMismatch = "webhook.signature_mismatch"
        /// No candidate is of version `v1`.
        case noSupportedVersion = "webhook.no_supported_version"
    }

    /// What makes a callback malformed.
    public enum MalformedReason: String, Sendable, CaseIterable {
        /// `webhook-id` is missing or repeated.
        case idHeader = "webhook.id_header"
        /// `webhook-timestamp` is missing or repeated.
        case timestampHeader = "webhook.timestamp_header"
        /// `webhook-signature` is missing or repeated.
        case signatureHeader = "webhook.signature_header"
        /// `webhook-key-id` is repeated or is no key id.
        case keyIDHeader = "webhook.key_id_header"
        /// The id is empty, too long, holds `.` or something that is not printable ASCII.
        case id = "webhook.id"
        /// The timestamp is not a plain decimal number of seconds.
        case timestamp = "webhook.timestamp"
        /// There are more candidate signatures than the limit.
        case tooManySignatures = "webhook.too_many_signatures"
    }

    /// A bounded name for logs and metrics.
    public var code: String {
        switch self {
        case .verified: "webhook.verified"
        case .stale: "webhook.stale"
        case .unknownKey: "webhook.unknown_key"
        case .forged(let reason): reason.rawValue
        case .malformed(let reason): reason.rawValue
        }
    }
}
