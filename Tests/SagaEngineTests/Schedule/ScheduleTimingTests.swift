import SagaEngine
import Testing

/// Clocks that are put forward and back, on made-up dates; real zones are where their rules come from.
@Suite struct ScheduleTimingTests {
    /// One hour forward on 2026-03-08 at 02:00, and back on 2026-11-01 at 02:00; UTC-5 in winter.
    private static func zone() throws -> FixedZone {
        let spring = try #require(Timestamp(rfc3339: "2026-03-08T07:00:00Z")).milliseconds / 1_000
        let autumn = try #require(Timestamp(rfc3339: "2026-11-01T06:00:00Z")).milliseconds / 1_000
        return FixedZone(name: "made up", offset: -18_000, changes: [(spring, -14_400), (autumn, -18_000)])
    }

    private static func moments(_ cron: String, _ start: String, _ end: String) throws -> [String] {
        let timing = ScheduleTiming(cron: try CronExpression(cron), zone: try zone())
        var found: [String] = []
        let (first, last) = (try #require(Timestamp(rfc3339: start)), try #require(Timestamp(rfc3339: end)))
        timing.forEachMoment(after: first, through: last) { moment in
            found.append("\(moment) \(moment.at.rfc3339.dropFirst(11).prefix(5))")
            return true
        }
        return found
    }

    @Test func `a local time that is left out is due when the clocks have been put forward`() throws {
        #expect(
            try Self.moments("30 2 * * *", "2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z")
                == ["2026-03-08T02:30-05:00 07:00", "2026-03-09T02:30-04:00 06:30"])
        // Each of them, and beside the one that is there anyhow.
        #expect(
            try Self.moments("0,59 2,3 * * *", "2026-03-08T06:59:59Z", "2026-03-08T07:58:00Z") == [
                "2026-03-08T02:00-05:00 07:00", "2026-03-08T02:59-05:00 07:00", "2026-03-08T03:00-04:00 07:00",
            ])
        // Whoever looks after that second does not see it again.
        #expect(try Self.moments("30 2 * * *", "2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z") == [])
    }

    @Test func `a local time that comes twice is due the first time`() throws {
        #expect(
            try Self.moments("30 1 * * *", "2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z")
                == ["2026-11-01T01:30-04:00 05:30", "2026-11-02T01:30-05:00 06:30"])
        // Also for whoever begins to look between the two.
        #expect(try Self.moments("30 1 * * *", "2026-11-01T05:45:00Z", "2026-11-01T12:00:00Z") == [])
        #expect(
            try Self.moments("0 2 * * *", "2026-11-01T05:00:00Z", "2026-11-01T12:00:00Z")
                == ["2026-11-01T02:00-05:00 07:00"])
    }

    @Test func `what begins with a star follows the time that passes`() throws {
        #expect(
            try Self.moments("*/30 * * * *", "2026-03-08T06:10:00Z", "2026-03-08T07:40:00Z") == [
                "2026-03-08T01:30-05:00 06:30", "2026-03-08T03:00-04:00 07:00", "2026-03-08T03:30-04:00 07:30",
            ])
        #expect(
            try Self.moments("*/30 * * * *", "2026-11-01T05:10:00Z", "2026-11-01T07:10:00Z") == [
                "2026-11-01T01:30-04:00 05:30", "2026-11-01T01:00-05:00 06:00", "2026-11-01T01:30-05:00 06:30",
                "2026-11-01T02:00-05:00 07:00",
            ])
        #expect(
            try Self.moments("15 */2 * * *", "2026-03-08T05:00:00Z", "2026-03-08T11:00:00Z")
                == ["2026-03-08T00:15-05:00 05:15", "2026-03-08T04:15-04:00 08:15", "2026-03-08T06:15-04:00 10:15"])
    }

    @Test func `no two moments of a schedule have the same text, and all come in order`() throws {
        for cron in ["*/10 * * * *", "*/10 1-2 * * *", "0,10,20,30,40,50 1-2 * * *", "0 0-23 * * *"] {
            let timing = ScheduleTiming(cron: try CronExpression(cron), zone: try Self.zone())
            var seen: [ScheduledMoment] = []
            timing.forEachMoment(
                after: try #require(Timestamp(rfc3339: "2026-03-01T00:00:00Z")),
                through: try #require(Timestamp(rfc3339: "2026-11-10T00:00:00Z"))
            ) {
                seen.append($0)
                return true
            }
            #expect(seen.count > 250)
            #expect(Set(seen.map(\.description)).count == seen.count)
            #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.at <= $1.at })
        }
    }

    @Test func `it does not matter where a span of time is cut`() throws {
        let (start, end) = ("2026-03-08T05:00:00Z", "2026-03-08T09:00:00Z")
        for cron in ["*/7 * * * *", "3,30 1-4 * * *"] {
            let whole = try Self.moments(cron, start, end)
            for minute in 0..<240 {
                let hour = 5 + minute / 60
                let cut = "2026-03-08T0\(hour):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00Z"
                #expect(try Self.moments(cron, start, cut) + Self.moments(cron, cut, end) == whole)
            }
        }
    }
}
