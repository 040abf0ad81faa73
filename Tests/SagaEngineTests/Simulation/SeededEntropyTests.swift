import SagaEngine
import SagaTestKit
import Testing

@Suite struct SeededEntropyTests {
    @Test func `it is SplitMix64`() {
        // From the reference implementation (prng.di.unimi.it/splitmix64.c) with seed 1234567.
        let entropy = SeededEntropy(seed: 1_234_567)
        let numbers = (0..<3).map { _ in entropy.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func `a seed repeats its sequence and another does not`() {
        let first = SeededEntropy(seed: 1)
        let again = SeededEntropy(seed: 1)
        let other = SeededEntropy(seed: 2)
        let numbers = (0..<10).map { _ in first.next() }
        #expect((0..<10).map { _ in again.next() } == numbers)
        #expect((0..<10).map { _ in other.next() } != numbers)
    }
}
