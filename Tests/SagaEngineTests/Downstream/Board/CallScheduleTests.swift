import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct CallScheduleTests {
    private let now = Sample.now

    @Test(arguments: [(1_000, 100), (1_000, 1), (10, 1), (7, 3), (1, 1), (3, 50), (100_000, 10_000), (1, 1_000_000)])
    func `turns that reach into one second are no more than rate and burst together`(rate: Int, burst: Int) {
        let schedule = CallSchedule(GateLimits(rate: rate, burst: burst))
        let reaching = (Int128(1_000_000_000) + Int128(schedule.length) + Int128(schedule.spacing) - 1)
        #expect(reaching / Int128(schedule.spacing) <= Int128(rate + burst))
        let pace = 1_000_000_000 / schedule.spacing
        #expect(pace <= rate && pace * 100 >= rate * 95 - 100, "the rate itself is reached, nearly")
    }

    @Test func `after a quiet time a burst can begin at once, and no more`() {
        let schedule = CallSchedule(GateLimits(rate: 100, burst: 50))
        var taken: Int64 = 0
        let turns = schedule.grant(1_000, from: now, taken: &taken)
        var care = SharedCare(GateLimits(rate: 100, burst: 50))
        care.learn(PartyNews(turns: turns), at: now)
        #expect((45...50).contains(care.ripe(now)))
        #expect(turns.count <= 150)
        #expect(schedule.grant(1, from: now, taken: &taken).count == 0, "those of the next second are taken")
        #expect(schedule.grant(1, from: now + .milliseconds(10), taken: &taken).count == 1)
    }

    @Test func `a turn that is over is good for nothing`() {
        let limits = GateLimits(rate: 10, burst: 1)
        var taken: Int64 = 0
        var care = SharedCare(limits)
        care.learn(PartyNews(turns: CallSchedule(limits).grant(2, from: now, taken: &taken)), at: now)
        #expect(care.ripe(now) == 1)
        #expect(care.moment(of: 1) == now + .milliseconds(100))
        care.forgetPast(now + .milliseconds(99))
        #expect(care.ripe(now + .milliseconds(99)) == 1)
        care.forgetPast(now + .milliseconds(100))
        #expect(care.ripe(now + .milliseconds(100)) == 1, "the second one")
        care.forgetPast(now + .milliseconds(200))
        #expect(care.ripe(now + .milliseconds(200)) == 0 && care.moment(of: 0) == nil)
    }
}
