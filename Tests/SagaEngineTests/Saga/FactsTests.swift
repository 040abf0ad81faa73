import SagaEngine
import Testing

@Suite struct FactsTests {
    private let asked: Facts = ["asset": "AED", "amount": "100.00", "to": "issuer"]

    @Test func `facts that state more, in another order, contradict nothing`() {
        #expect(asked.mismatches(with: asked).isEmpty)
        #expect(asked.mismatches(with: ["to": "issuer", "fee": "1", "amount": "100.00", "asset": "AED"]).isEmpty)
        #expect(Facts([]).mismatches(with: asked).isEmpty)
    }

    @Test func `what is contradicted or not stated is named in the order of what was asked`() {
        let found = asked.mismatches(with: ["to": "issues", "asset": "AED"])
        #expect(
            found == [
                FactMismatch(name: "amount", expected: "100.00", actual: nil),
                FactMismatch(name: "to", expected: "issuer", actual: "issues"),
            ])
    }

    @Test func `a fact that is stated twice counts as it is stated first`() {
        let twice = Facts([
            Facts.Fact("asset", "DABS"), Facts.Fact("asset", "AED"), Facts.Fact("amount", "100.00"),
            Facts.Fact("to", "issuer"),
        ])
        #expect(twice["asset"] == "DABS")
        #expect(
            asked.mismatches(with: twice) == [FactMismatch(name: "asset", expected: "AED", actual: "DABS")])
        #expect(twice.mismatches(with: asked).map(\.expected) == ["DABS"])
    }

    @Test func `equivalent spellings are other facts and other values`() {
        let composed: Facts = ["caf\u{E9}": "\u{E9}"]
        #expect(composed["cafe\u{301}"] == nil)
        #expect(composed.mismatches(with: ["cafe\u{301}": "\u{E9}"]).map(\.actual) == [nil])
        #expect(composed.mismatches(with: ["caf\u{E9}": "e\u{301}"]).count == 1)
        #expect(composed.mismatches(with: composed).isEmpty)
    }
}
