public import SagaEngine

/// Says a warning that keeps repeating at once the first time, and then at most once in a while with the count since.
///
/// Somebody outside can cause such a warning as often as they like; the log must tell of it and not drown in it. What
/// repeats after the last line is in the metrics, and in the next line.
public final class WarningDigest: Sendable {
    /// The most different warnings it keeps apart; further ones count as one.
    public static let keyLimit = 100

    private struct Repetition {
        var saidAt: Timestamp
        var since = 0
    }

    private let pause: Span
    private let clock: any SagaClock
    private let repetitions = Locked<[String: Repetition]>([:])

    /// A digest that has heard nothing.
    ///
    /// - Parameters:
    ///   - pause: The least time between two lines of one warning.
    ///   - clock: What tells the time.
    public init(pause: Span = .minutes(1), clock: any SagaClock) {
        self.pause = pause
        self.clock = clock
    }

    /// Counts a warning.
    ///
    /// - Parameter key: What makes it the same warning; from a bounded set, never from outside.
    /// - Returns: How many there were since it was said last, with this one, if it is to be said now; else `nil`.
    public func count(_ key: String) -> Int? {
        repetitions.withLock { repetitions in
            let now = clock.now()
            let key = repetitions[key] != nil || repetitions.count < Self.keyLimit ? key : ""
            guard var known = repetitions[key] else {
                repetitions[key] = Repetition(saidAt: now)
                return 1
            }
            known.since += 1
            // A clock that was put back must not silence it.
            let isDue = now >= known.saidAt + pause || now < known.saidAt
            defer { repetitions[key] = isDue ? Repetition(saidAt: now) : known }
            return isDue ? known.since : nil
        }
    }
}
