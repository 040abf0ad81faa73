import Adapters
import SagaEngine
import Testing

/// Real zones on the days on which their clocks change.
@Suite struct SystemZonesTests {
    private static func moments(_ cron: String, _ zone: String, _ start: String, _ end: String) throws -> [String] {
        let zone = try #require(SystemZones().zone(named: zone))
        let timing = ScheduleTiming(cron: try CronExpression(cron), zone: zone)
        let (first, last) = (try #require(Timestamp(rfc3339: start)), try #require(Timestamp(rfc3339: end)))
        var found: [String] = []
        timing.forEachMoment(after: first, through: last) { moment in
            found.append("\(moment) \(moment.at.rfc3339.dropFirst(8).prefix(8))")
            return true
        }
        return found
    }

    @Test func `clocks that are put forward`() throws {
        // 01:00 to 02:00 on 29 March; 02:00 to 03:00 on 8 March; 02:00 to 02:30 on 4 October.
        #expect(
            try Self.moments("30 1 * * *", "Europe/London", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z")
                == ["2026-03-29T01:30+00:00 29T01:00", "2026-03-30T01:30+01:00 30T00:30"])
        #expect(
            try Self.moments("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z")
                == ["2026-03-08T02:30-05:00 08T07:00", "2026-03-09T02:30-04:00 09T06:30"])
        #expect(
            try Self.moments("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-05T00:00:00Z")
                == ["2026-10-04T02:15+10:30 03T15:30", "2026-10-05T02:15+11:00 04T15:15"])
    }

    @Test func `clocks that are put back`() throws {
        // 02:00 to 01:00 on 25 October and on 1 November; 02:00 to 01:30 on 5 April.
        #expect(
            try Self.moments("30 1 * * *", "Europe/London", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z")
                == ["2026-10-25T01:30+01:00 25T00:30", "2026-10-26T01:30+00:00 26T01:30"])
        #expect(
            try Self.moments("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z")
                == ["2026-11-01T01:30-04:00 01T05:30", "2026-11-02T01:30-05:00 02T06:30"])
        #expect(
            try Self.moments("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", "2026-04-06T00:00:00Z")
                == ["2026-04-05T01:45+11:00 04T14:45", "2026-04-06T01:45+10:30 05T15:15"])
        #expect(
            try Self.moments("*/15 * * * *", "Australia/Lord_Howe", "2026-04-04T14:40:00Z", "2026-04-04T15:20:00Z")
                == [
                    "2026-04-05T01:45+11:00 04T14:45", "2026-04-05T01:30+10:30 04T15:00",
                    "2026-04-05T01:45+10:30 04T15:15",
                ])
    }

    @Test func `a zone without changes has one period however far one looks`() throws {
        let zone = try #require(SystemZones().zone(named: "Asia/Singapore"))
        for year in 0..<80 {
            let moment = Int64(year) * 31_556_952 + 631_152_000
            let period = zone.period(at: moment)
            #expect(period.offset == 28_800 && period.start <= moment && moment < period.end)
            #expect(period.end - period.start > 2 * 366 * 86_400)
        }
    }

    @Test(arguments: ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"])
    func `periods meet, hold every moment that is asked for, and end where the clocks change`(name: String) throws {
        let zone = try #require(SystemZones().zone(named: name))
        var moment: Int64 = 1_704_067_200
        let end: Int64 = 1_924_992_000
        var changes = 0
        while moment < end {
            let period = zone.period(at: moment)
            #expect(period.start <= moment && moment < period.end)
            let next = zone.period(at: period.end)
            let last = zone.period(at: period.end - 1)
            #expect(last.offset == period.offset && last.end >= period.end)
            if next.offset != period.offset {
                changes += period.end < end ? 1 : 0
                #expect(next.start == period.end && last == period)
            }
            moment = period.end
        }
        // Seven years; Casablanca's clocks follow the moon, and change twice in one of them more.
        #expect(name == "Asia/Kolkata" ? changes == 0 : [14, 15].contains(changes))
    }

    @Test(arguments: ["UTC", "Etc/UTC", "Asia/Singapore", "Etc/GMT+5", "America/Argentina/Buenos_Aires"])
    func `a name of the database is known`(name: String) {
        #expect(SystemZones().zone(named: name)?.name == name)
    }

    @Test(arguments: ["", "Mars/Olympus", "GMT+5", "SGT", "asia/singapore", "../UTC", "Asia/Singapore ", "+08:00"])
    func `what is no name of the database is not`(name: String) {
        #expect(SystemZones().zone(named: name) == nil)
    }
}
