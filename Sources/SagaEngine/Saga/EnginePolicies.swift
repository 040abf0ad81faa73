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
