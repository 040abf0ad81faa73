/// How much a counterparty is asked to bear.
public struct GateLimits: Sendable, Equatable {
    /// How many calls are under way at a time.
    public let concurrency: Int
    /// How many deliveries are under way at a time in one lane, such as an account.
    public let lane: Int
    /// How many calls begin in a second, in the long run.
    public let rate: Int
    /// How many calls may begin at once after a quiet time.
    public let burst: Int
    /// After how many failures in a row the breaker opens.
    public let breakerFailures: Int
    /// How long an open breaker lets nothing through, before it tries one call.
    public let breakerPause: Span
    /// How many calls may wait for a place; the next one comes back later.
    public let waiting: Int

    /// States limits.
    public init(
        concurrency: Int = 32, lane: Int = 1, rate: Int = 1_000, burst: Int = 100, breakerFailures: Int = 20,
        breakerPause: Span = .seconds(5), waiting: Int = 10_000
    ) {
        precondition(
            concurrency > 0 && lane > 0 && rate > 0 && burst > 0 && breakerFailures > 0 && breakerPause > .zero
                && waiting >= 0, "a gate's limits are positive")
        self.concurrency = concurrency
        self.lane = lane
        self.rate = rate
        self.burst = burst
        self.breakerFailures = breakerFailures
        self.breakerPause = breakerPause
        self.waiting = waiting
    }
}
