import Testing

@testable import SagaEngine

@Suite struct EntryBodiesReadingTests {
    private static let facts: Facts = ["amount": "970000.00", "from": "escrow \"1\"\n", "to": "issuer-é"]
    private static let exchange = Exchange(status: "200", latency: .milliseconds(7), answer: "{\"ok\":true}")

    private func check<Body: CursorReadable & JSONWritable & Codable & Equatable>(_ body: Body) throws {
        let bytes = try JournalEncoder().encode(body)
        #expect(try JournalEncoder().line(body) == bytes)
        #expect(try JournalDecoder().read(Body.self, from: bytes) == body)
        #expect(try JournalDecoder().decode(Body.self, from: bytes) == body)
        for end in bytes.indices.dropLast() {
            #expect(throws: CodecError.self) { try JournalDecoder().read(Body.self, from: Array(bytes[..<end])) }
        }
    }

    @Test func `a body reads the same from its tokens as through containers`() throws {
        let receipt = Receipt(id: "cp-1", state: .accepted, facts: Self.facts)
        let body = ReceiptBody(receipt: receipt, by: .find)
        try check(body)
        let whole = ReceiptBody(receipt: receipt, by: .find, exchange: Self.exchange)
        let bytes = try JournalEncoder().encode(whole)
        #expect(try JournalEncoder().line(whole) == bytes)
        #expect(try JournalDecoder().read(ReceiptBody.self, from: bytes) == body, "a replay needs no exchange")
        try check(NoticeBody(number: 7, id: "n-1", order: StageName(rawValue: "transfer"), facts: Self.facts))
        let exposure = Exposure(asset: "AED", amount: Int128.max, decimals: 2)
        try check(header(lane: "escrow-1", exposure: exposure))
        try check(header(lane: nil, exposure: nil))
    }

    @Test func `a body is written the same into bytes as through containers`() throws {
        let mismatch = FactMismatch(name: "amount", expected: "1", actual: "2\t")
        let missing = FactMismatch(name: "to", expected: "é", actual: nil)
        let moment = Timestamp(milliseconds: 1_700_000_000_000)
        for mismatches in [[], [mismatch], [mismatch, missing]] {
            for notice in [nil, Int64(-7)] {
                let predicament = Predicament(
                    cause: .mismatch, stage: StageName(rawValue: "deliver"), message: "a \"quote\"", since: moment,
                    until: notice.map { _ in moment }, attempts: 3, mismatches: mismatches, notice: notice,
                    awaits: notice.map { _ in .approval })
                let line = try JournalEncoder().line(predicament)
                #expect(try line == JournalEncoder().encode(predicament))
                #expect(try JournalDecoder().decode(Predicament.self, from: line) == predicament)
            }
        }
        let outcome = OutcomeBody(status: .completed, output: "{\"a\":1}")
        #expect(try JournalEncoder().line(outcome) == JournalEncoder().encode(outcome))
        let empty = NoticeBody(number: .min, id: "", order: StageName(rawValue: ""), facts: [:])
        #expect(try JournalEncoder().line(empty) == JournalEncoder().encode(empty))
    }

    @Test func `facts named twice and texts past the limit are refused in both ways`() {
        let twice = Facts([Facts.Fact("a", "1"), Facts.Fact("b", "2"), Facts.Fact("a", "1")])
        #expect(throws: CodecError.self) { try JournalEncoder().encode(twice) }
        #expect(throws: CodecError.self) { try JournalEncoder().line(twice) }
        let narrow = JournalEncoder(limits: CodecLimits(maxBytes: 8, maxDepth: 2))
        let long: Facts = ["name": "value"]
        #expect(throws: CodecError.self) { try narrow.encode(long) }
        #expect(throws: CodecError.self) { try narrow.line(long) }
    }

    @Test(arguments: [
        ##"{"id":"1","state":"settled"}"##, ##"{"id":"1","state":"odd","facts":{}}"##,
        ##"{"id":1,"state":"settled","facts":{}}"##, ##"{"id":"1","state":"settled","facts":{"a":1}}"##,
        ##"{"id":"1","state":"settled","facts":[]}"##, "[]", "null",
    ])
    func `a receipt that containers refuse is refused from its tokens too`(text: String) {
        let bytes = Array(text.utf8)
        #expect(throws: CodecError.self) { try JournalDecoder().decode(Receipt.self, from: bytes) }
        #expect(throws: CodecError.self) { try JournalDecoder().read(Receipt.self, from: bytes) }
    }

    private func header(lane: String?, exposure: Exposure?) -> IntentBody.Header {
        IntentBody.Header(
            to: "custodian", kind: "custody.transfer", reference: "SG-1/transfer#0", operation: "transfer", lane: lane,
            exposure: exposure)
    }
}
