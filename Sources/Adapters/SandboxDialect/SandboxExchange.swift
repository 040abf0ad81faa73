public import SagaEngine

/// What came back when a counterparty of the sandbox was called, before anybody has judged it.
public enum SandboxExchange: Sendable, Equatable {
    /// An answer.
    case answered(SandboxAnswer)
    /// No byte of the request left; the code is bounded.
    case notSent(code: String, latency: Span)
    /// No usable answer came, and the request may have arrived; the code is bounded.
    case uncertain(code: String, latency: Span)
}
