import SagaEngine
import Testing

@testable import saga_runner

@Suite struct NoticeReportTests {
    private let report = NoticeReport(ink: Ink(isOn: false), moments: Moments(now: StuckSaga.now))

    private func notice(_ members: [JSONValue.Member] = []) -> JSONValue {
        .object(
            [
                .init("number", 12), .init("source", "custodian"), .init("id", "n1"), .init("standing", "conflicting"),
                .init("reference", "SG-1:mint~0"), .init("verdict", "refused"), .init("refusal", ["code": "declined"]),
                .init("received_at", "2026-03-18T04:32:05.000Z"), .init("body_sha256", "ab"),
            ] + members)
    }

    @Test func `one notice says which saga it is for, what it is about, and all of its body`() {
        let text = report.detail(
            notice([
                .init("saga", "SG-1"), .init("operation", "mint"), .init("receipt", "c-7"),
                .init("facts", ["amount": "5"]), .init("body", #"{"amount":"5"}"#),
            ]))
        #expect(
            text == """
                notice     12, conflicting
                saga       SG-1
                from       custodian, its id n1
                received   2026-03-18 04:32:05 UTC (3 h 12 min ago)
                reference  SG-1:mint~0
                says       refused: declined
                body       sha256 ab
                operation  mint
                receipt    c-7
                means      it contradicts what came before it; nothing is undone, so ask the counterparty
                amount     5
                in full    {"amount":"5"}

                """)
    }

    @Test func `nothing in a notice reaches the terminal but as text`() {
        let odd = "a\u{1b}[2J\u{202e}b"
        let facts = JSONValue.object([.init(odd, .string(odd))])
        let text = report.detail(notice([.init("facts", facts), .init("body", .string(odd))]))
        #expect(PlainText.fault(in: text.replacing("\n", with: " ")) == nil)
        #expect(text.contains("  a<U+001B>[2J<U+202E>b\n"))
        let listed = report.list([.object([.init("reference", .string(odd))])])
        #expect(listed.contains("a<U+001B>[2J<U+202E>b"))
    }

    @Test func `a long body is shown up to its limit`() {
        let body = String(repeating: "x", count: 4_001)
        let text = report.detail(notice([.init("body", .string(body))]))
        #expect(text.contains(String(repeating: "x", count: 4_000) + " … (all 4001 bytes with --json)"))
    }
}
