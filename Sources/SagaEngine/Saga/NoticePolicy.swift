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
