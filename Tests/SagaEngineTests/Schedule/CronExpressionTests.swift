import SagaEngine
import Testing

@Suite struct CronExpressionTests {
    /// The first times after a moment, in UTC.
    private static func times(_ text: String, after moment: String, _ count: Int) throws -> [String] {
        let timing = ScheduleTiming(cron: try CronExpression(text), zone: FixedZone.utc)
        var moment = try #require(Timestamp(rfc3339: moment))
        var times: [String] = []
        while times.count < count, let next = timing.next(after: moment) {
            times.append(String(next.at.rfc3339.prefix(16)))
            moment = next.at
        }
        return times
    }

    @Test(
        arguments: [
            ("0 22 * * *", ["2026-11-30T22:00", "2026-12-01T22:00", "2026-12-02T22:00"]),
            ("59 23 31 12 *", ["2026-12-31T23:59", "2027-12-31T23:59"]),
            ("*/25 9 * * *", ["2026-12-01T09:00", "2026-12-01T09:25", "2026-12-01T09:50", "2026-12-02T09:00"]),
            ("5-20/7 9,12 * * *", ["2026-11-30T12:05", "2026-11-30T12:12", "2026-11-30T12:19", "2026-12-01T09:05"]),
            ("0 0 29 2 *", ["2028-02-29T00:00", "2032-02-29T00:00"]),
            ("0 6 * * MON-FRI", ["2026-12-01T06:00", "2026-12-02T06:00", "2026-12-03T06:00", "2026-12-04T06:00"]),
            ("0 6 * * sat-sun", ["2026-12-05T06:00", "2026-12-06T06:00", "2026-12-12T06:00"]),
            ("0 6 * * 0", ["2026-12-06T06:00", "2026-12-13T06:00"]),
            ("0 6 * * 7", ["2026-12-06T06:00", "2026-12-13T06:00"]),
            ("0 6 * * 5-7", ["2026-12-04T06:00", "2026-12-05T06:00", "2026-12-06T06:00", "2026-12-11T06:00"]),
            ("0 6 1 JAN,jul *", ["2027-01-01T06:00", "2027-07-01T06:00"]),
            ("  0\t6  1 * * ", ["2026-12-01T06:00", "2027-01-01T06:00"]),
        ] as [(String, [String])])
    func `an expression is due when it says`(text: String, times: [String]) throws {
        #expect(try Self.times(text, after: "2026-11-30T10:00:30Z", times.count) == times)
    }

    @Test func `where both day fields are given either is enough, and a star leaves the other alone`() throws {
        let after = "2026-12-01T00:00:00Z"
        #expect(
            try Self.times("0 0 13 * FRI", after: after, 4).map { String($0.prefix(10)) }
                == ["2026-12-04", "2026-12-11", "2026-12-13", "2026-12-18"])
        #expect(
            try Self.times("0 0 * * FRI", after: after, 2).map { String($0.prefix(10)) } == [
                "2026-12-04", "2026-12-11",
            ])
        #expect(
            try Self.times("0 0 13 * *", after: after, 2).map { String($0.prefix(10)) } == ["2026-12-13", "2027-01-13"])
        // As in Vixie cron, a step of a star is a star: both must be right, so Fridays on odd days.
        #expect(
            try Self.times("0 0 */2 * FRI", after: after, 2).map { String($0.prefix(10)) }
                == ["2026-12-11", "2026-12-25"])
    }

    @Test func `a moment is after another one, not at it, and a fraction of a second counts`() throws {
        #expect(try Self.times("* * * * *", after: "2026-11-30T10:00:00.000Z", 1) == ["2026-11-30T10:01"])
        #expect(try Self.times("* * * * *", after: "2026-11-30T09:59:59.999Z", 1) == ["2026-11-30T10:00"])
        #expect(
            try Self.times("* * * * *", after: "1969-12-31T23:58:59.999Z", 2) == [
                "1969-12-31T23:59", "1970-01-01T00:00",
            ])
    }

    @Test(
        arguments: [
            ("60 * * * *", "minute"), ("* 24 * * *", "hour"), ("* * 0 * *", "day of month"),
            ("* * 32 * *", "day of month"),
            ("* * * 13 *", "month"), ("* * * MAI *", "month"), ("* * * * 8", "day of week"),
            ("* * * * XYZ", "day of week"),
            ("5/15 * * * *", "minute"), ("*/0 * * * *", "minute"), ("*/60 * * * *", "minute"), ("*/ * * * *", "minute"),
            ("10-5 * * * *", "minute"), ("1,,2 * * * *", "minute"), ("-5 * * * *", "minute"), ("+5 * * * *", "minute"),
            ("٥ * * * *", "minute"), ("1-2-3 * * * *", "minute"), ("* * 30 2 *", "day of month"),
            ("? * * * *", "minute"),
            ("* * L * *", "day of month"), ("* * * * FRI-MON", "day of week"), ("005 * * * *", "minute"),
        ] as [(String, String)])
    func `a mistake names its field and what to write`(text: String, field: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.field == field)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "@daily", "@reboot", String(repeating: "1,", count: 200) + "1 * * * *",
    ])
    func `what is no five fields is refused as a whole`(text: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.field == nil)
        #expect(error?.description.contains(";") == true)
    }

    @Test func `a step without a range says how it is written`() {
        let error = #expect(throws: CronError.self) { try CronExpression("5/15 * * * *") }
        #expect(error?.remedy == "write 5-59/15")
    }
}
