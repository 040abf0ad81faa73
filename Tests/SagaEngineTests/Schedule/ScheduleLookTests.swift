import SagaEngine
import Testing

@Suite struct ScheduleLookTests {
    private static func schedule(_ cron: String, _ catchUp: CatchUp) throws -> Schedule {
        Schedule(
            name: try #require(ScheduleName(rawValue: "nightly")),
            timing: ScheduleTiming(
                cron: try CronExpression(cron), zone: FixedZone(name: "here", offset: 28_800, changes: [])),
            flow: FlowID(name: "count", version: 1), input: ScheduleInput(["on": "{date}", "at": ["{moment}", 7]]),
            catchUp: catchUp)
    }

    private static func look(
        _ cron: String, _ catchUp: CatchUp, from mark: String, to now: String
    ) throws -> ScheduleLook? {
        let (mark, now) = (try #require(Timestamp(rfc3339: mark)), try #require(Timestamp(rfc3339: now)))
        return try schedule(cron, catchUp).look(after: mark, at: now)
    }

    private static func texts(_ look: ScheduleLook?) -> [String] { look?.firings.map(\.description) ?? [] }

    @Test(arguments: CatchUp.allCases)
    func `what is on time is fired whatever becomes of what was missed`(catchUp: CatchUp) throws {
        let look = try #require(
            try Self.look("0 22 * * *", catchUp, from: "2026-11-29T14:00:00Z", to: "2026-11-30T14:15:00Z"))
        #expect(Self.texts(look) == ["2026-11-30T22:00+08:00"])
        #expect(look.madeUpFor == 0 && look.passedOver == 0)
        #expect(look.mark.rfc3339 == "2026-11-30T14:00:00.000Z")
    }

    @Test(
        arguments: [
            (.skip, [], 3), (.last, ["2026-11-30T22:00+08:00"], 2),
            (.all, ["2026-11-28T22:00+08:00", "2026-11-29T22:00+08:00", "2026-11-30T22:00+08:00"], 0),
        ] as [(CatchUp, [String], Int)])
    func `what was missed is made up for as the policy says`(
        catchUp: CatchUp, firings: [String], passedOver: Int
    ) throws {
        let look = try #require(
            try Self.look("0 22 * * *", catchUp, from: "2026-11-27T14:00:00Z", to: "2026-11-30T14:15:00.001Z"))
        #expect(Self.texts(look) == firings)
        #expect(look.madeUpFor == firings.count && look.passedOver == passedOver)
        #expect(look.mark.rfc3339 == "2026-11-30T14:00:00.000Z", "what is passed over is decided, too")
    }

    @Test func `what is on time comes beside what was missed`() throws {
        let last = try Self.look("0 22 * * *", .last, from: "2026-11-26T14:00:00Z", to: "2026-11-30T14:01:00Z")
        #expect(Self.texts(last) == ["2026-11-29T22:00+08:00", "2026-11-30T22:00+08:00"])
        #expect(last?.madeUpFor == 1 && last?.passedOver == 2)
    }

    @Test func `the newest hundred are made up for, and no more than a year is looked back`() throws {
        let look = try #require(
            try Self.look("* * * * *", .all, from: "2020-01-01T00:00:00Z", to: "2026-11-30T14:00:59Z"))
        #expect(look.madeUpFor == Schedule.mostMadeUpFor)
        #expect(look.firings.count == 100 + 15)
        #expect(look.firings.last?.at.rfc3339 == "2026-11-30T14:00:00.000Z")
        #expect(zip(look.firings, look.firings.dropFirst()).allSatisfy { ($1.at - $0.at) == .minutes(1) })
        #expect(look.passedOver == 366 * 24 * 60 - look.firings.count)
    }

    @Test func `nothing is due before its moment, and nothing that was decided`() throws {
        for (mark, now) in [
            ("2026-11-29T14:00:00Z", "2026-11-30T13:59:59.999Z"), ("2026-11-30T14:00:00Z", "2026-11-30T14:10:00Z"),
            ("2027-01-01T00:00:00Z", "2026-11-30T14:00:00Z"),
        ] {
            #expect(try Self.look("0 22 * * *", .all, from: mark, to: now) == nil)
        }
    }

    @Test func `a moment names the saga, and its input where that asks for it`() throws {
        let schedule = try Self.schedule("0 22 * * *", .skip)
        let before = try #require(Timestamp(rfc3339: "2026-11-30T13:00:00Z"))
        let moment = try #require(schedule.timing.next(after: before))
        let saga = schedule.saga(at: moment)
        #expect(saga.rawValue == "schedule-nightly-2026-11-30T22:00+08:00")
        #expect(SagaID(rawValue: saga.rawValue) == saga)
        #expect(
            String(decoding: schedule.input.bytes(at: moment), as: UTF8.self)
                == #"{"on":"2026-11-30","at":["2026-11-30T14:00:00.000Z",7]}"#)
    }

    @Test(arguments: ["", "-a", ".a", "_a", "a b", "a/b", "a#b", "é", "a\u{301}", String(repeating: "a", count: 65)])
    func `a name that could not stand in an id is refused`(text: String) {
        #expect(ScheduleName(rawValue: text) == nil)
    }

    @Test(arguments: ["a", "0", "daily-reconciliation", "A.b_c-9", String(repeating: "a", count: 64)])
    func `a plain name is one`(text: String) {
        #expect(ScheduleName(rawValue: text)?.rawValue == text)
    }
}
