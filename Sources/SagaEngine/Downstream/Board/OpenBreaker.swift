/// A breaker that lets no runner's calls through.
public struct OpenBreaker: Sendable, Equatable {
    /// Until when nothing goes through; afterwards one call of one runner tries.
    public var until: Timestamp
    /// The runner whose calls failed.
    public let by: String
    /// The bounded code of the last failure there.
    public var code: String?
    /// How many calls have failed there in a row.
    public var failures: Int
    /// Since when they fail.
    public var since: Timestamp?

    /// Describes an open breaker.
    public init(until: Timestamp, by: String, code: String?, failures: Int, since: Timestamp?) {
        self.until = until
        self.by = by
        self.code = code
        self.failures = failures
        self.since = since
    }
}
