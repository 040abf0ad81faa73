import Testing

@testable import SagaEngine

@Suite struct AwaitedClaimTests {
    private static let composed = "ESC-caf\u{E9}"
    private static let decomposed = "ESC-cafe\u{301}"

    private func mismatches(
        from: String = composed, operation: String = composed, receipt: String = composed
    ) -> [String] {
        AwaitedClaim(
            operation: Self.composed, receiptID: Self.composed, facts: ["amount": "1.00", "from": Self.composed]
        ).mismatches(
            with: Notice.Claim(
                reference: "R", verdict: .settled, facts: ["amount": "1.00", "from": from], operation: operation,
                receiptID: receipt)
        ).map(\.name)
    }

    @Test func `a claim that states the very bytes agrees`() {
        #expect(mismatches() == [])
    }

    @Test func `an account, an operation or an id that only looks the same is another`() {
        #expect(mismatches(from: Self.decomposed) == ["from"])
        #expect(mismatches(operation: Self.decomposed) == ["operation"])
        #expect(mismatches(receipt: Self.decomposed) == ["id"])
    }

    @Test func `facts are the same when their bytes are`() {
        let facts: Facts = ["from": "caf\u{E9}"]
        #expect(facts != ["from": "cafe\u{301}"])
        #expect(facts == ["from": "caf\u{E9}"])
        #expect(facts.pairs != (["from": "cafe\u{301}"] as Facts).pairs)
    }
}
