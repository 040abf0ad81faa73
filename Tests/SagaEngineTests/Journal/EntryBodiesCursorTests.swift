import Testing

@testable import SagaEngine

@Suite struct EntryBodiesCursorTests {
    private static let facts: Facts = ["asset": "AED", "amount": "970000.00", "from": "escrow-1", "to": "issuer-é"]
    private static let plainFacts: Facts = ["asset": "AED", "amount": "970000.00", "to": "issuer-1"]
    private static let odd = "\"\\ 0-9x,:{}[]\u{1}é/".utf8

    /// What the cursor alone makes of a text; `nil` when it leaves it to the general reader.
    private func glance<Body: CursorReadable>(_ type: Body.Type, at bytes: [UInt8]) -> Body? {
        bytes.withUnsafeBufferPointer {
            var cursor = JSONCursor($0)
            guard let body = Body(&cursor), cursor.isAtEnd else { return nil }
            return body
        }
    }

    private func read<Body>(_ read: () throws -> Body) -> Body? {
        do { return try read() } catch { return nil }
    }

    /// Whatever stands in a text, the cursor reads what the containers read, or nothing.
    private func checkAgainstContainers<Body: CursorReadable & Codable & Equatable>(
        _ body: Body, seen: (Body) -> Body = { $0 }
    ) throws {
        let bytes = try JournalEncoder().encode(body)
        #expect(glance(Body.self, at: bytes) == seen(body), "the engine's own text needs no tokens")
        var taken = 0
        for place in bytes.indices {
            var texts = Self.odd.map { byte in bytes[..<place] + [byte] + bytes[(place + 1)...] }
            texts += Self.odd.map { byte in bytes[..<place] + [byte] + bytes[place...] }
            texts.append(bytes[..<place] + bytes[(place + 1)...])
            for text in texts.map(Array.init) {
                guard let found = glance(Body.self, at: text) else { continue }
                taken += 1
                #expect(read { seen(try JournalDecoder().decode(Body.self, from: text)) } == found)
            }
        }
        #expect(taken > 0, "some changes leave a text of the engine's own form")
    }

    @Test func `the cursor reads what containers read, or leaves it to them`() throws {
        let exchange = Exchange(status: "200", latency: .milliseconds(7), answer: "{\"ok\":\ttrue}")
        let receipt = Receipt(id: "cp-1", state: .accepted, facts: Self.plainFacts)
        try checkAgainstContainers(ReceiptBody(receipt: receipt, by: .deliver, exchange: exchange)) {
            ReceiptBody(receipt: $0.receipt, by: $0.by)
        }
        try checkAgainstContainers(
            ReceiptBody(receipt: Receipt(id: "cp-2", state: .settled, facts: [:]), by: .find))
        try checkAgainstContainers(
            NoticeBody(number: -70, id: "n-1", order: StageName(rawValue: "transfer"), facts: Self.plainFacts))
        for lane in [nil, "escrow-1"] {
            for exposure in [nil, Exposure(asset: "AED", amount: 90, decimals: 2)] {
                try checkAgainstContainers(
                    IntentBody.Header(
                        to: "custodian", kind: "custody.transfer", reference: "SG-1/transfer#0", operation: "transfer",
                        lane: lane, exposure: exposure))
            }
        }
    }

    @Test func `what the cursor cannot read the general reader does`() throws {
        let wide = Exposure(asset: "AED", amount: .max, decimals: 2)
        #expect(glance(Exposure.self, at: try JournalEncoder().encode(wide)) == nil)
        #expect(try JournalDecoder().read(Exposure.self, from: JournalEncoder().encode(wide)) == wide)
        let foreign = try JournalEncoder().encode(Self.facts)
        #expect(glance(Facts.self, at: foreign) == nil)
        #expect(try JournalDecoder().read(Facts.self, from: foreign) == Self.facts)
        let many = Facts((0..<9).map { Facts.Fact("name-\($0)", "value") })
        let bytes = try JournalEncoder().encode(many)
        #expect(glance(Facts.self, at: bytes) == nil)
        #expect(try JournalDecoder().read(Facts.self, from: bytes) == many)
        let spaced = Array(#"{ "amount": "5" }"#.utf8)
        #expect(try JournalDecoder().read(Facts.self, from: spaced) == ["amount": "5"])
    }

    @Test func `a fact that is named twice is refused on both ways`() {
        let twice = Array(#"{"a":"1","b":"2","a":"1"}"#.utf8)
        #expect(glance(Facts.self, at: twice) == nil)
        #expect(throws: CodecError.self) { try JournalDecoder().read(Facts.self, from: twice) }
    }

    @Test func `a header is read from the first line of its body`() throws {
        let intent = try IntentBody(from: Sample.intent().encoded)
        #expect(intent.known == nil)
        #expect(try intent.header() == Sample.intent().known)
        #expect(try intent.reference() == "S-1/pay#0")
        #expect(try intent.withHeader().known == Sample.intent().known)
    }
}
