/// How often and how soon a call is tried again: exponential backoff with full jitter under a cap.
public struct RetryPolicy: Sendable, Equatable {
    /// The first pause's upper bound.
    public let initial: Span
    /// No pause is longer.
    public let cap: Span
    /// How many failed attempts a stage may have before it is stuck.
    public let attempts: Int

    /// States a policy.
    public init(initial: Span, cap: Span, attempts: Int) {
        precondition(initial > .zero && cap >= initial && attempts > 0, "a retry policy needs positive bounds")
        self.initial = initial
        self.cap = cap
        self.attempts = attempts
    }

    /// The pause after the given number of failures, at least what the counterparty asked for; `nil` when exhausted.
    ///
    /// - Parameter failures: how many attempts have failed so far, from 1.
    public func pause(after failures: Int, atLeast retryAfter: Span?, by entropy: some Entropy) -> Span? {
        guard failures < attempts else { return nil }
        let doubled =
            failures > 40
            ? Int64.max : initial.milliseconds.multipliedReportingOverflow(by: 1 << (failures - 1)).partialValue
        let bound = doubled <= 0 || doubled > cap.milliseconds ? cap.milliseconds : doubled
        let jittered = Span(milliseconds: 1 + Int64(entropy.below(UInt64(bound))))
        return max(jittered, retryAfter ?? .zero)
    }

    /// Ten attempts, from a fifth of a second to five minutes.
    public static let standard = RetryPolicy(initial: .milliseconds(200), cap: .minutes(5), attempts: 10)
}
