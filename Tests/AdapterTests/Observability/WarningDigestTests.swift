import Adapters
import SagaEngine
import SagaTestKit
import Testing

@Suite struct WarningDigestTests {
    private let clock = SimulatedClock()

    private func digest() -> WarningDigest { WarningDigest(pause: .minutes(1), clock: clock) }

    @Test func `the first is said at once, and what repeats once a minute with the count since`() {
        let digest = digest()
        #expect(digest.count("a") == 1)
        for _ in 0..<99 { #expect(digest.count("a") == nil) }
        clock.advance(by: .milliseconds(59_999))
        #expect(digest.count("a") == nil)
        clock.advance(by: .milliseconds(1))
        #expect(digest.count("a") == 101)
        #expect(digest.count("a") == nil, "the count begins again")
        clock.advance(by: .hours(9))
        #expect(digest.count("a") == 2)
    }

    @Test func `one warning does not hide another`() {
        let digest = digest()
        #expect(digest.count("a") == 1)
        #expect(digest.count("b") == 1)
        #expect(digest.count("b") == nil)
    }

    @Test func `a clock that is put back silences nothing`() {
        let digest = digest()
        #expect(digest.count("a") == 1)
        clock.advance(to: clock.now() + .hours(-1))
        #expect(digest.count("a") == 1)
    }

    @Test func `at the limit of different warnings further ones count as one`() {
        let digest = digest()
        for number in 0..<WarningDigest.keyLimit { #expect(digest.count("\(number)") == 1) }
        #expect(digest.count("more") == 1)
        #expect(digest.count("still more") == nil)
        #expect(digest.count("0") == nil, "those it knows stay apart")
    }
}
