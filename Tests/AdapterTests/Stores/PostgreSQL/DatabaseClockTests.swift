import SagaEngine
import Testing

@testable import Adapters

/// How a process knows what time it is at the database.
@Suite struct DatabaseClockTests {
    /// What the clock showed at a moment of the machine's own.
    private static func shown(by clock: PostgresClock, at machine: Int64) -> ClosedRange<Int64> {
        let before = PostgresClock.monotonic
        let now = clock.now().milliseconds
        let after = PostgresClock.monotonic
        return now - (after - machine)...now - (before - machine)
    }

    @Test func `an answer that was read late does not set the clock back`() {
        let machine = PostgresClock.monotonic
        let clock = PostgresClock(showing: Timestamp(milliseconds: 0))
        clock.follow(Timestamp(milliseconds: 1_000_000), between: machine, and: machine)
        #expect(Self.shown(by: clock, at: machine).contains(1_000_000))
        // The server answered at once, and the process was stopped before it could look.
        clock.follow(Timestamp(milliseconds: 1_000_000), between: machine, and: machine + 3_000)
        #expect(Self.shown(by: clock, at: machine).contains(1_000_000))
        // It was asked long before it looked at its clock.
        clock.follow(Timestamp(milliseconds: 1_000_000), between: machine - 3_000, and: machine)
        #expect(Self.shown(by: clock, at: machine).contains(1_000_000))
    }

    @Test func `a clock that cannot be right is moved as far as it must be`() {
        let machine = PostgresClock.monotonic
        let clock = PostgresClock(showing: Timestamp(milliseconds: 0))
        clock.follow(Timestamp(milliseconds: 1_000_000), between: machine, and: machine)
        clock.follow(Timestamp(milliseconds: 1_005_000), between: machine - 10, and: machine + 10)
        #expect(Self.shown(by: clock, at: machine).contains(1_004_990), "it was behind")
        clock.follow(Timestamp(milliseconds: 900_000), between: machine - 10, and: machine + 10)
        #expect(Self.shown(by: clock, at: machine).contains(900_010), "it was ahead")
    }
}
