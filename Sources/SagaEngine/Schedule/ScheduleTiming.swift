/// When a schedule is due: a cron expression on the clocks of a time zone.
///
/// Where the clocks are put forward or back, it is as with cron itself. A time of day that is left out is due at once
/// when the clocks have been put forward, and one that comes twice is due the first time. An expression whose minute or
/// hour begins with `*` is about the time that passes: what is left out is not made up for, what comes twice is due
/// twice.
public struct ScheduleTiming: Sendable {
    /// Dates and times of day.
    public let cron: CronExpression
    /// Whose clocks.
    public let zone: any ZoneRules

    /// Puts an expression on the clocks of a zone.
    public init(cron: CronExpression, zone: any ZoneRules) {
        self.cron = cron
        self.zone = zone
    }

    /// The first moment after another one; nil when none comes in the next nine years.
    public func next(after moment: Timestamp) -> ScheduledMoment? {
        var found: ScheduledMoment?
        let end = moment + .hours(24 * (CronExpression.longestWait + 366))
        forEachMoment(after: moment, through: end) { moment in
            found = moment
            return false
        }
        return found
    }

    /// Hands each moment after one and up to another to `body`, in order, as long as that answers true.
    ///
    /// Several local times that are left out together are several moments at one time.
    public func forEachMoment(
        after start: Timestamp, through end: Timestamp, _ body: (ScheduledMoment) -> Bool
    ) {
        var seen = RFC3339.floorDivide(start.milliseconds, 1_000)
        let last = RFC3339.floorDivide(end.milliseconds, 1_000)
        while seen < last {
            let period = zone.period(at: seen + 1)
            let stop = min(period.end - 1, last)
            let before = zone.period(at: period.start - 1)
            // The first local second of the period, and the one that would have come had the clocks been left alone.
            let (local, expected) = (period.start + period.offset, period.start + before.offset)
            if !cron.followsElapsedTime, period.start > seen, local > expected {
                let goesOn = forEachMinute(from: expected, through: local - 1) { minute in
                    body(
                        ScheduledMoment(
                            localMinute: minute, offset: before.offset,
                            at: Timestamp(milliseconds: period.start * 1_000)))
                }
                guard goesOn else { return }
            }
            let repeated = cron.followsElapsedTime ? local : max(local, expected)
            let goesOn = forEachMinute(
                from: max(seen + 1 + period.offset, repeated), through: stop + period.offset
            ) { minute in
                body(
                    ScheduledMoment(
                        localMinute: minute, offset: period.offset,
                        at: Timestamp(milliseconds: (minute * 60 - period.offset) * 1_000)))
            }
            guard goesOn else { return }
            seen = stop
        }
    }

    /// The minutes that are due from one local second to another; answers whether `body` wants more.
    private func forEachMinute(from start: Int64, through end: Int64, _ body: (Int64) -> Bool) -> Bool {
        let stop = RFC3339.floorDivide(end, 60) + 1
        var minute = RFC3339.floorDivide(start + 59, 60)
        while let due = cron.firstMinute(from: minute, before: stop) {
            guard body(due) else { return false }
            minute = due + 1
        }
        return true
    }
}
