import Testing

@testable import SettlementFlows

@Suite struct ReferenceSketchTests {
    private func sketch(_ references: some Sequence<String>) -> ReferenceSketch {
        var sketch = ReferenceSketch()
        for reference in references { sketch.insert(reference) }
        return sketch
    }

    @Test func `the same references in another order are the same`() {
        let references = (0..<20_000).map { "SG-TOWER-1:fund:INV-\($0):transfer~0" }
        #expect(sketch(references) == sketch(references.reversed()))
        #expect(sketch(references).differing(from: sketch(references.reversed()), atMost: 9).isEmpty)
    }

    @Test func `one more, one less, one doubled or one other is seen, in its bucket`() {
        let references = (0..<20_000).map { "SG-TOWER-1:fund:INV-\($0):transfer~0" }
        let other = "SG-TOWER-1:fund:INV-1:transfer~1"
        for changed in [references + [other], Array(references.dropLast()), references + [references[7]]] {
            let buckets = sketch(changed).differing(from: sketch(references), atMost: 9)
            #expect(buckets.count == 1)
        }
        let swapped = sketch(references.dropFirst() + [other]).differing(from: sketch(references), atMost: 9)
        #expect(Set(swapped) == [ReferenceSketch.bucket(of: other), ReferenceSketch.bucket(of: references[0])])
    }

    @Test func `references spread over the buckets, and no more buckets are named than asked for`() {
        let references = (0..<ReferenceSketch.buckets * 20).map { "SG-TOWER-1:fund:INV-\($0):transfer~0" }
        let buckets = sketch(references).differing(from: ReferenceSketch(), atMost: .max)
        #expect(buckets.count == ReferenceSketch.buckets)
        #expect(sketch(references).differing(from: ReferenceSketch(), atMost: 8).count == 8)
    }
}
