internal import Foundation
internal import SagaEngine

/// The database's clock, as this process knows it: followed by the machine's monotonic clock between two transactions,
/// and set right by each of them.
///
/// Runners on many machines agree on leases and deadlines by it, whatever their own clocks say.
final class PostgresClock: SagaClock {
    private let timers = SystemClock()
    /// What to add to the monotonic clock's milliseconds.
    private let offset: Locked<Int64>

    /// Follows a database whose clock showed `moment` just now.
    init(showing moment: Timestamp) {
        offset = Locked(moment.milliseconds - Self.monotonic)
    }

    func now() -> Timestamp { Timestamp(milliseconds: Self.monotonic + offset.withLock { $0 }) }

    func sleep(until moment: Timestamp) async {
        // By the machine's own timers; whoever waited looks again what time it is.
        await timers.sleep(until: timers.now() + (moment - now()))
    }

    /// Sets the clock right by what the database's showed at some moment between two of the machine's.
    ///
    /// The longer the two are apart, the less it says: an answer that a process was too busy, or stopped, to read must
    /// not set the clock back by half of the time that it lay there. So the clock is moved only as far as it must be.
    func follow(_ moment: Timestamp, between earlier: Int64, and later: Int64) {
        let (least, most) = (moment.milliseconds - later, moment.milliseconds - earlier)
        offset.withLock { $0 = min(max($0, least), most) }
    }

    /// Milliseconds of a clock that nobody sets.
    static var monotonic: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// The moment of a transaction in SQL.
enum PostgresTime {
    /// The database's clock in milliseconds since 1970.
    static let now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
}
