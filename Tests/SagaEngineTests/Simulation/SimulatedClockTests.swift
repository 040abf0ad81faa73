import SagaEngine
import SagaTestKit
import Synchronization
import Testing

@Suite struct SimulatedClockTests {
    private let clock = SimulatedClock(now: Timestamp(milliseconds: 1_000))

    @Test func `it stands still until it is moved, forth or back`() {
        #expect(clock.now() == Timestamp(milliseconds: 1_000))
        clock.advance(by: .seconds(1))
        #expect(clock.now() == Timestamp(milliseconds: 2_000))
        clock.advance(to: Timestamp(milliseconds: 500))
        #expect(clock.now() == Timestamp(milliseconds: 500))
    }

    @Test func `a sleep until a moment that has come ends at once`() async {
        await clock.sleep(until: Timestamp(milliseconds: 1_000))
        await clock.sleep(until: Timestamp(milliseconds: 0))
        #expect(clock.sleepers == 0)
    }

    @Test func `sleepers wake when their moment comes and not before`() async {
        await withTaskGroup(of: Int64.self) { group in
            for moment in [Int64(3_000), 2_000, 4_000] {
                group.addTask { [clock] in
                    await clock.sleep(until: Timestamp(milliseconds: moment))
                    return moment
                }
            }
            await clock.untilAsleep(3)
            for moment in [Int64(2_000), 3_000, 4_000] {
                #expect(clock.nextMoment == Timestamp(milliseconds: moment))
                clock.advance(to: Timestamp(milliseconds: moment - 1))
                #expect(clock.nextMoment == Timestamp(milliseconds: moment))
                clock.advance(to: Timestamp(milliseconds: moment))
                #expect(await group.next() == moment)
            }
            #expect(clock.nextMoment == nil)
        }
    }

    @Test func `a cancelled sleeper wakes early, whether it lies already or not`() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [clock] in await clock.sleep(until: Timestamp(milliseconds: 9_000)) }
            await clock.untilAsleep(1)
            group.cancelAll()
            await group.waitForAll()
            group.addTask { [clock] in await clock.sleep(until: Timestamp(milliseconds: 9_000)) }
            await group.waitForAll()
        }
        #expect(clock.sleepers == 0)
        #expect(clock.now() == Timestamp(milliseconds: 1_000))
    }
}
