/// Why a call has no answer that says what happened.
public struct CallFailure: Sendable, Equatable, Codable {
    /// A bounded code, fit for metrics: `timeout`, `connect`, `http_503`, `rate_limited` and the like.
    public let code: String
    /// When the counterparty asked us to come back, if it did.
    public let retryAfter: Span?

    /// Reports a failure.
    public init(code: String, retryAfter: Span? = nil) {
        self.code = code
        self.retryAfter = retryAfter
    }
}
