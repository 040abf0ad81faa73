/// Why a callback cannot be signed.
public enum WebhookSigningError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The id is empty, longer than the limit, holds `.` or something that is not printable ASCII.
    case badID
    /// The timestamp is negative.
    case badTimestamp

    /// A bounded name for logs and metrics.
    public var code: String {
        switch self {
        case .badID: "webhook.sign_id"
        case .badTimestamp: "webhook.sign_timestamp"
        }
    }

    /// The failure in words, with its remedy.
    public var description: String {
        switch self {
        case .badID:
            "the webhook id must be 1 to \(StandardWebhooks.idLimit) printable ASCII characters without '.' and spaces"
        case .badTimestamp: "the webhook timestamp must be a count of seconds since 1970, not negative"
        }
    }
}
