/// Why a text is no Standard Webhooks secret; the text itself is never repeated.
public enum WebhookSecretError: Error, Sendable, Equatable, CustomStringConvertible {
    /// It does not begin with `whsec_`.
    case missingPrefix
    /// What follows the prefix is not strict base64.
    case notBase64
    /// It holds fewer than 24 or more than 64 bytes.
    case wrongSize
    /// The key id is empty, longer than 64 characters, or holds something other than letters, digits, `-`, `_` and `.`.
    case badKeyID

    /// A bounded name for logs and metrics.
    public var code: String {
        switch self {
        case .missingPrefix: "webhook.secret_prefix"
        case .notBase64: "webhook.secret_base64"
        case .wrongSize: "webhook.secret_size"
        case .badKeyID: "webhook.key_id"
        }
    }

    /// The failure in words, with its remedy.
    public var description: String {
        switch self {
        case .missingPrefix: "the webhook secret does not begin with whsec_; copy it whole from the counterparty"
        case .notBase64: "the webhook secret is not base64 after whsec_; copy it whole from the counterparty"
        case .wrongSize: "the webhook secret holds fewer than 24 or more than 64 bytes; ask for a new one"
        case .badKeyID:
            "the webhook key id is not 1 to 64 letters, digits, '-', '_' or '.'; correct it in the configuration"
        }
    }
}
