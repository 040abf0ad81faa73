import Testing

@testable import Adapters

@Suite struct UploadPaceTests {
    private let start = ContinuousClock.now

    private func pace() -> UploadPace {
        UploadPace(rate: 100, stretch: .seconds(10), within: .seconds(60), from: start)
    }

    @Test func `each thousand bytes have ten seconds`() {
        var pace = pace()
        #expect(pace.allowance(at: start) == .seconds(10))
        #expect(pace.take(999, at: start + .seconds(3)) == nil)
        #expect(pace.take(1, at: start + .seconds(4)) == .seconds(10))
        #expect(pace.take(500, at: start + .seconds(5)) == nil)
    }

    @Test func `nothing goes past the deadline for the whole`() {
        var pace = pace()
        #expect(pace.take(1_000, at: start + .seconds(55)) == .seconds(5))
    }

    @Test func `who is made to wait has all the time there is, and then ten seconds again`() {
        var pace = pace()
        #expect(pace.holdUp(at: start + .seconds(20)) == .seconds(40))
        #expect(pace.take(1, at: start + .seconds(30)) == .seconds(10))
        #expect(pace.take(1, at: start + .seconds(31)) == nil)
    }
}
