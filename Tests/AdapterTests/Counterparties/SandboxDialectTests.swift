import Adapters
import SagaEngine
import Testing

@Suite struct SandboxDialectTests {
    let order = SandboxOrder(operation: "transfer", facts: TestOrder.transfer().facts)

    @Test func `a request has exactly these bytes`() throws {
        let body = SandboxDialect.request(order, reference: "R~0")
        let text =
            #"{"reference":"R~0","operation":"transfer","asset":"SGD","amount":"2520.00","#
            + #""from":"ESC-1","to":"ISS-1"}"#
        #expect(String(decoding: body, as: UTF8.self) == text)
        let read = try SandboxDialect.order(body)
        #expect(read.reference == "R~0")
        #expect(read.order == order)
    }

    @Test func `an answer is read back as it was written`() throws {
        for state in SandboxRecord.State.allCases {
            let record = SandboxRecord(
                reference: "R~0", id: "custodian-1", state: state, order: order,
                code: state == .refused ? "declined" : nil, message: "words", occurredAt: Timestamp(milliseconds: 1_500)
            )
            #expect(try SandboxDialect.record(SandboxDialect.document(record)) == record)
        }
    }

    @Test func `a notice claims the operation and the counterparty's own id, and no fact of them`() throws {
        let record = SandboxRecord(
            reference: "SG-1:mint~0", id: "c-7", state: .settled,
            order: SandboxOrder(operation: "mint", facts: ["asset": "D", "amount": "5", "to": "T"]),
            occurredAt: Timestamp(milliseconds: 0))
        let notice = try SandboxNotices(source: "custodian").notice(
            id: "n1", body: SandboxDialect.document(record), headers: "")
        let claim = Notice.Claim(
            reference: "SG-1:mint~0", verdict: .settled, facts: ["asset": "D", "amount": "5", "to": "T"],
            operation: "mint", receiptID: "c-7")
        #expect(notice.claim == claim)
    }

    @Test(arguments: [
        "", "[]", "{}", "nonsense", #"{"reference":"R~0"}"#, #"{"reference":"a/b","operation":"transfer"}"#,
        #"{"reference":"R~0","operation":"transfer","amount":2520}"#, #"{"reference":1,"operation":"transfer"}"#,
    ])
    func `what is not of the dialect is refused`(text: String) {
        #expect(throws: SandboxDialectError.self) { try SandboxDialect.order(Array(text.utf8)) }
    }

    @Test func `references that are asked about are read back, up to a page of them`() throws {
        let references = (1...SandboxDialect.pageLimit).map { "R~\($0)" }
        #expect(try SandboxDialect.lookup(SandboxDialect.lookup(references)) == references)
        for body in [
            SandboxDialect.lookup(references + ["R~0"]), SandboxDialect.lookup([]), SandboxDialect.lookup(["a/b"]),
            Array("{}".utf8), Array(#"{"references":[1]}"#.utf8),
        ] {
            #expect(throws: SandboxDialectError.self) {
                let _: [String] = try SandboxDialect.lookup(body)
            }
        }
    }

    @Test func `an instruction that nobody could carry out is not rendered`() throws {
        let rendering = SandboxRendering()
        let cases: [(Facts, String)] = [
            (["amount": "1.00", "from": "a", "to": "b"], "asset"),
            (["asset": "SGD", "from": "a", "to": "b"], "amount"),
            (["asset": "SGD", "amount": "-1.00", "from": "a", "to": "b"], "amount"),
            (["asset": "SGD", "amount": "0.00", "from": "a", "to": "b"], "amount"),
            (["asset": "SGD", "amount": "1e3", "from": "a", "to": "b"], "amount"),
            (["asset": "SGD", "amount": "1.00", "from": "a"], "accounts"),
            (["asset": "SGD", "amount": "1.00", "from": "a", "to": "b", "state": "settled"], "state"),
            (["asset": "SGD", "amount": "1.00", "amount": "2.00", "from": "a", "to": "b"], "twice"),
            (["asset": "SGD", "amount": "1.00", "from": "a", "to": String(repeating: "x", count: 513)], "too long"),
        ]
        for (facts, word) in cases {
            let error = #expect(throws: Unrenderable.self) {
                try rendering.render(TestOrder(facts: facts), as: try key())
            }
            #expect(error?.reason.contains(word) == true)
        }
        let longest = TestOrder.transfer(to: String(repeating: "x", count: 512))
        #expect(try rendering.render(longest, as: try key()).lane == "ESC-1")
    }

    @Test func `amounts are exact up to their limits`() {
        #expect(SandboxAmount("31840449365509.33")?.scaled == 31_840_449_365_509_330_000_000)
        #expect(SandboxAmount("0.07").map { SandboxAmount.text($0.scaled, decimals: 2) } == "0.07")
        #expect(SandboxAmount.text(-70_000_000, decimals: 2) == "-0.07")
        #expect(SandboxAmount(String(repeating: "9", count: 22) + ".999999999") != nil)
        #expect(SandboxAmount(String(repeating: "9", count: 23)) == nil)
        for text in ["", ".", "1.", ".5", "1.0000000001", "+1", "-1", "1 ", "1,0", "١"] {
            #expect(SandboxAmount(text) == nil)
        }
    }

    @Test func `every event is read back from its line`() {
        let now = Timestamp(milliseconds: 1_800_000_000_123)
        let events: [PartyEvent] = [
            .opened(account: "A"), .preloaded(offering: "O"), .deposited(account: "A", asset: "SGD", amount: "1.00"),
            .deposited(account: "A", asset: "SGD", amount: "1.00", reference: "top-up-1"),
            .standing(account: "A", .frozen), .attempted(reference: "R~0"),
            .deferred(reference: "R~0", order, until: now), .accepted(reference: "R~0", id: "c-1", order, at: now),
            .effect(PartyEffect(number: 1, reference: "R~0", id: "c-1", order: order, at: now)),
            .refused(reference: "R~0", code: "declined", message: "no", at: now),
            .noticeOwed(id: "n-1", reference: "R~0", state: .settled, amount: "9.00", at: now),
            .noticeOwed(id: "n-1", reference: "R~0", state: .progress, amount: nil, at: now), .noticeClosed(id: "n-1"),
        ]
        for event in events {
            #expect(PartyEvent(line: event.line) == event)
            #expect(!event.line.contains(UInt8(ascii: "\n")))
        }
        #expect(PartyEvent(line: Array(#"{"event":"unheard_of"}"#.utf8)) == nil)
    }
}
