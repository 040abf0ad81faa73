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

    /// The pause after some failures.
    ///
    /// - Parameters:
    ///   - failures: How many attempts have failed so far, from 1.
    ///   - retryAfter: What the counterparty asked for; the pause is at least that.
    ///   - entropy: Where the jitter comes from.
    /// - Returns: The pause, or `nil` when the policy allows no further attempt.
    public func pause(after failures: Int, atLeast retryAfter: Span?, by entropy: some Entropy) -> Span? {
        failures < attempts ? endlessPause(after: failures, atLeast: retryAfter, by: entropy) : nil
    }

    /// The pause after some failures where trying never ends.
    func endlessPause(after failures: Int, atLeast retryAfter: Span?, by entropy: some Entropy) -> Span {
        var bound = initial.milliseconds
        for _ in 1..<max(1, failures) {
            guard bound <= cap.milliseconds / 2 else {
                bound = cap.milliseconds
                break
            }
            bound *= 2
        }
        let jittered = Span(milliseconds: 1 + Int64(entropy.below(UInt64(bound))))
        return max(jittered, retryAfter ?? .zero)
    }

    /// Ten attempts, from a fifth of a second to five minutes.
    public static let standard = RetryPolicy(initial: .milliseconds(200), cap: .minutes(5), attempts: 10)
}
