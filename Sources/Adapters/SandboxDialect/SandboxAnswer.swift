public import SagaEngine

/// An answer of a counterparty of the sandbox.
public struct SandboxAnswer: Sendable, Equatable {
    /// The HTTP status.
    public var status: Int
    /// After how long the counterparty asks us to come back.
    public var retryAfter: Span?
    /// The body.
    public var body: [UInt8]
    /// How long the exchange took.
    public var latency: Span

    /// Takes an answer.
    public init(status: Int, retryAfter: Span? = nil, body: [UInt8], latency: Span = .zero) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
        self.latency = latency
    }
}
