import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(initial: .milliseconds(200), cap: .seconds(3), attempts: 10)

    @Test(arguments: [(1, 200), (2, 400), (3, 800), (4, 1_600), (5, 3_000), (6, 3_000), (9, 3_000)])
    func `a pause is drawn from a bound that doubles up to the cap`(_ failures: Int, _ bound: Int64) throws {
        let shortest = policy.pause(after: failures, atLeast: nil, by: StillEntropy(bits: 0))
        #expect(shortest == .milliseconds(1))
        let longest = policy.pause(after: failures, atLeast: nil, by: StillEntropy(bits: UInt64(bound) - 1))
        #expect(longest == .milliseconds(bound))
        let beyond = policy.pause(after: failures, atLeast: nil, by: StillEntropy(bits: UInt64(bound)))
        #expect(beyond == .milliseconds(1), "one more would be past the bound")
    }

    @Test func `jitter fills the whole range`() throws {
        let entropy = SeededEntropy(seed: 11)
        var seen: Set<Int64> = []
        for _ in 0..<4_000 {
            let pause = try #require(policy.pause(after: 1, atLeast: nil, by: entropy))
            #expect((1...200).contains(pause.milliseconds))
            seen.insert(pause.milliseconds)
        }
        #expect(seen.count == 200)
    }

    @Test func `the last attempt has no pause after it`() {
        #expect(policy.pause(after: 9, atLeast: nil, by: StillEntropy()) != nil)
        #expect(policy.pause(after: 10, atLeast: nil, by: StillEntropy()) == nil)
        #expect(policy.pause(after: .max, atLeast: .hours(1), by: StillEntropy()) == nil)
    }

    @Test func `what the counterparty asks for is the least, and lifts the cap`() {
        #expect(policy.pause(after: 1, atLeast: .seconds(90), by: StillEntropy()) == .seconds(90))
        #expect(policy.pause(after: 5, atLeast: .milliseconds(10), by: StillEntropy(bits: 99)) == .milliseconds(100))
        #expect(policy.pause(after: 1, atLeast: .seconds(-5), by: StillEntropy()) == .milliseconds(1))
    }

    @Test(arguments: [0, -1, .min, 64, 1_000_000_000_000, .max])
    func `no number of failures is too large or too small`(_ failures: Int) {
        let pause = policy.endlessPause(after: failures, atLeast: nil, by: StillEntropy(bits: 2_999))
        #expect(pause >= .milliseconds(1) && pause <= .seconds(3))
    }

    @Test func `a cap at the end of time does not overflow`() {
        let endless = RetryPolicy(initial: .milliseconds(3), cap: Span(milliseconds: .max), attempts: 1)
        let pause = endless.endlessPause(after: 1_000, atLeast: nil, by: StillEntropy(bits: UInt64(Int64.max) - 1))
        #expect(pause == Span(milliseconds: .max))
    }
}
