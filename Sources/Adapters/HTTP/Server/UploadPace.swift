/// How fast a streamed body has to come: so many bytes in each stretch of time, and all of it by a deadline.
///
/// The deadline alone would let somebody hold a place for an hour by a byte now and then.
struct UploadPace {
    private let deadline: ContinuousClock.Instant
    private let stretch: Duration
    private let least: Int
    private var taken = 0
    private var isHeldUp = false

    /// A body that begins now; `rate` is in bytes per second.
    init(rate: Int, stretch: Duration, within time: Duration, from now: ContinuousClock.Instant) {
        deadline = now + time
        self.stretch = stretch
        least = max(1, Int(clamping: stretch.components.seconds).multipliedReportingOverflow(by: rate).partialValue)
    }

    /// The time for the next bytes.
    func allowance(at now: ContinuousClock.Instant) -> Duration { min(stretch, deadline - now) }

    /// We make the peer wait, who is not to blame for it; answers the time left in all.
    mutating func holdUp(at now: ContinuousClock.Instant) -> Duration {
        isHeldUp = true
        taken = 0
        return deadline - now
    }

    /// Bytes have been taken; answers the new time for the next ones when a stretch begins.
    mutating func take(_ count: Int, at now: ContinuousClock.Instant) -> Duration? {
        taken += count
        guard taken >= least || isHeldUp else { return nil }
        taken = 0
        isHeldUp = false
        return allowance(at: now)
    }
}
