/// A counterparty's proven refusal.
public struct RefusalReason: Sendable, Equatable, Codable {
    /// The counterparty's code, of a bounded set, fit for metrics.
    public let code: String
    /// The counterparty's words, without personal data.
    public let message: String

    /// The code and, where there are any, the words.
    public var words: String { message.isEmpty ? code : "\(code), \(message)" }

    /// Reports a refusal.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
