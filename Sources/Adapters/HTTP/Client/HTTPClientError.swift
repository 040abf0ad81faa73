/// Why there is no answer, and whether the peer can have received any byte of the request.
///
/// The distinction decides whether money may be sent again, so `notSent` is claimed only where it is proved: the
/// connection was never ready for the request. Everything else is `uncertain`.
public enum HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No byte of the request has left this program.
    case notSent(Code)
    /// The peer may have received and carried out the request.
    case uncertain(Code)

    /// What went wrong, bounded for metrics.
    public enum Code: String, Sendable, CaseIterable {
        /// The request cannot be written as HTTP: a bad address, header or a header the client sets itself.
        case invalidRequest = "http.invalid_request"
        /// The name has no address.
        case unresolved = "http.unresolved"
        /// No connection was made.
        case connectFailed = "http.connect_failed"
        /// The TLS handshake failed, or the peer's certificate is not trusted.
        case tlsFailed = "http.tls_failed"
        /// The connection was not ready in time.
        case connectTimeout = "http.connect_timeout"
        /// The request was sent and no byte of an answer came in time.
        case firstByteTimeout = "http.first_byte_timeout"
        /// The whole exchange took too long.
        case timeout = "http.timeout"
        /// The connection broke while the request was being sent.
        case sendFailed = "http.send_failed"
        /// The connection broke, or closed, before an answer came.
        case noAnswer = "http.no_answer"
        /// The answer ended early.
        case truncated = "http.truncated"
        /// The answer is larger than the limit.
        case tooLarge = "http.too_large"
        /// The answer is no HTTP.
        case malformedAnswer = "http.malformed_answer"
        /// The calling task was cancelled.
        case cancelled = "http.cancelled"
        /// As many requests are in flight and waiting as the limits allow.
        case overloaded = "http.overloaded"
        /// The client has been shut down.
        case shutdown = "http.shutdown"
        /// libcurl failed in another way.
        case failed = "http.failed"
    }

    /// What went wrong.
    public var code: Code {
        switch self {
        case .notSent(let code), .uncertain(let code): code
        }
    }

    /// Whether the peer can have received any byte of the request.
    public var mayHaveArrived: Bool {
        switch self {
        case .notSent: false
        case .uncertain: true
        }
    }

    /// The failure in words; it holds nothing of the request or the answer.
    public var description: String {
        switch self {
        case .notSent(let code): "\(code.rawValue): the request was not sent; it is safe to send it again"
        case .uncertain(let code): "\(code.rawValue): the peer may have the request; ask it before sending again"
        }
    }
}
