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
        for _ in 1..<max(1, failures) where bound < cap.milliseconds { bound *= 2 }
        bound = min(bound, cap.milliseconds)
        let jittered = Span(milliseconds: 1 + Int64(entropy.below(UInt64(bound))))
        return max(jittered, retryAfter ?? .zero)
    }

    /// Ten attempts, from a fifth of a second to five minutes.
    public static let standard = RetryPolicy(initial: .milliseconds(200), cap: .minutes(5), attempts: 10)
}

/// How patiently a stage waits for a notice before it asks, and how it goes on asking.
public struct NoticePolicy: Sendable, Equatable {
    /// How long after the receipt nothing is asked.
    public let patience: Span
    /// The pauses between questions; their number is not limited.
    public let asking: RetryPolicy

    /// States a policy.
    public init(patience: Span, asking: RetryPolicy) {
        self.patience = patience
        self.asking = asking
    }

    /// A minute's patience, then questions that grow rarer up to one an hour.
    public static let standard = NoticePolicy(
        patience: .minutes(1), asking: RetryPolicy(initial: .minutes(1), cap: .hours(1), attempts: 1))
}

/// All the policies a runner works by, each of them named in configuration.
public struct EnginePolicies: Sendable {
    /// What calls to a counterparty are tried again by; ``fallback`` where none is named.
    public var calls: [CounterpartyName: RetryPolicy]
    /// What a counterparty's notices are waited for by; ``NoticePolicy/standard`` where none is named.
    public var notices: [CounterpartyName: NoticePolicy]
    /// What local steps are tried again by.
    public var steps: RetryPolicy
    /// What calls are tried again by when their counterparty has no policy of its own.
    public var fallback: RetryPolicy

    /// Takes the policies.
    public init(
        calls: [CounterpartyName: RetryPolicy] = [:], notices: [CounterpartyName: NoticePolicy] = [:],
        steps: RetryPolicy = .standard, fallback: RetryPolicy = .standard
    ) {
        self.calls = calls
        self.notices = notices
        self.steps = steps
        self.fallback = fallback
    }

    func call(_ name: CounterpartyName) -> RetryPolicy { calls[name] ?? fallback }
    func notice(_ name: CounterpartyName) -> NoticePolicy { notices[name] ?? .standard }
}
