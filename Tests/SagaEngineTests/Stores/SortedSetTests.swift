import SagaEngine
import Testing

@testable import SagaTestKit

@Suite struct SortedSetTests {
    @Test func `it holds what a sorted array of unique elements holds, through a thousand changes`() {
        let entropy = SeededEntropy(seed: 7)
        var set = SortedSet<Int>()
        var model = Set<Int>()
        for round in 0..<20_000 {
            let element = Int(entropy.below(2_000))
            // More insertions at first, so that chunks split, and more removals later, so that they run empty.
            if entropy.below(10) < (round < 10_000 ? 7 : 3) {
                set.insert(element)
                model.insert(element)
            } else {
                set.remove(element)
                model.remove(element)
            }
        }
        #expect(elements(of: set, from: nil) == model.sorted())
        #expect(elements(of: set, from: 1_000) == model.filter { $0 >= 1_000 }.sorted())
        #expect(set.count == model.count)
        #expect(set.first == model.min())
        for element in model { set.remove(element) }
        #expect(set.isEmpty)
        #expect(set.first == nil)
    }

    @Test func `an ascending run is kept in order`() {
        var set = SortedSet<Int>()
        for element in 0..<2_000 { set.insert(element) }
        #expect(elements(of: set, from: nil) == Array(0..<2_000))
        #expect(elements(of: set, from: 2_000) == [])
    }

    private func elements(of set: SortedSet<Int>, from bound: Int?) -> [Int] {
        var elements: [Int] = []
        set.forEach(from: bound) { element in
            elements.append(element)
            return true
        }
        return elements
    }
}
