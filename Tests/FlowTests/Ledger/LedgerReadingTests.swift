import SagaEngine
import Testing

@testable import SettlementFlows

/// What the ledger reads and writes without `Codable`'s containers, against what they make of it.
@Suite struct LedgerReadingTests {
    private static let bounds = PostingSet.Bounds(currency: "AED", paid: .max, token: "D\"A\n", allotted: 0)

    private func check<Value: JSONReadable & JSONWritable & Codable & Equatable>(_ value: Value) throws {
        let bytes = try JournalEncoder().encode(value)
        #expect(try JournalEncoder().line(value) == bytes)
        #expect(try JournalDecoder().read(Value.self, from: bytes) == value)
        #expect(try JournalDecoder().decode(Value.self, from: bytes) == value)
        for end in bytes.indices.dropLast() {
            #expect(throws: CodecError.self) { try JournalDecoder().read(Value.self, from: Array(bytes[..<end])) }
        }
    }

    private func refuses<Value: JSONReadable & Codable>(_ type: Value.Type, _ text: String) {
        #expect(throws: CodecError.self, "\(text)") { try JournalDecoder().decode(type, from: Array(text.utf8)) }
        let fault = #expect(throws: CodecError.self, "\(text)") {
            try JournalDecoder().read(type, from: Array(text.utf8))
        }
        #expect(fault?.field != nil || text.first != "{", "\(text)")
    }

    @Test func `posting sets, notices and rows read the same in both ways`() throws {
        let investor = try InvestorID("INV-1")
        let offering = try OfferingID("OFF")
        try check(PostingSet(offering: offering, event: .published, legs: [], bounds: Self.bounds))
        try check(
            PostingSet(
                offering: offering, event: .funded, investor: investor,
                legs: [
                    .init(.escrow(investor), "AED", -5), .init(.issuer, "AED", 5), .init(.units(investor), "D", .min),
                ],
                excludedUnits: 7))
        for subject in OutboxNotice.Subject.allCases {
            try check(OutboxNotice(offering: offering, investor: nil, subject: subject, figures: []))
            try check(OutboxNotice(offering: offering, investor: investor, subject: subject, figures: ["1.00", "é"]))
        }
        try check(OfferingRow(bounds: Self.bounds, minted: -1, causes: ["a/b", ""]))
        for phase in [LineRow.Phase.opened, .funded, .excluded, .returned] {
            try check(
                LineRow(
                    bounds: Self.bounds, phase: phase, escrow: 1, units: 2, refunded: 3, transferred: 4, distributed: 5,
                    causes: ["x"]))
        }
    }

    @Test(arguments: [
        ##"{"offering":"OFF","event":"odd","legs":[]}"##, ##"{"offering":"a/b","event":"minted","legs":[]}"##,
        ##"{"offering":"OFF","event":"minted"}"##, ##"{"offering":"OFF","event":"minted","legs":{}}"##,
        ##"{"offering":"OFF","event":"minted","legs":[1]}"##, ##"{"offering":1,"event":"minted","legs":[]}"##,
        ##"{"offering":"OFF","event":"minted","legs":[{"account":"vault","asset":"A","gain":"1"}]}"##,
        ##"{"offering":"OFF","event":"minted","legs":[{"account":"issuer","asset":"A","gain":"+1"}]}"##,
        ##"{"offering":"OFF","event":"minted","legs":[{"account":"issuer","asset":"A","gain":1.5}]}"##,
        ##"{"offering":"OFF","event":"minted","legs":[{"account":"issuer","gain":"1"}]}"##,
        ##"{"offering":"OFF","event":"minted","legs":[],"investor":"a/b"}"##,
        ##"{"offering":"OFF","event":"minted","legs":[],"excludedUnits":true}"##,
        ##"{"offering":"OFF","event":"minted","legs":[],"bounds":{"currency":"AED"}}"##, "[]", "null",
    ])
    func `what containers refuse is refused without them, with the member's name`(text: String) {
        refuses(PostingSet.self, text)
    }

    @Test func `null stands for a member that is left out, in both ways`() throws {
        let bytes = Array(##"{"offering":"OFF","event":"minted","investor":null,"legs":[],"bounds":null,"x":1}"##.utf8)
        let set = try JournalDecoder().read(PostingSet.self, from: bytes)
        #expect(try set == JournalDecoder().decode(PostingSet.self, from: bytes))
        #expect(try set == PostingSet(offering: OfferingID("OFF"), event: .minted, legs: []))
    }
}
