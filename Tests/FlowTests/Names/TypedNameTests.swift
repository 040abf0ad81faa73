import SagaEngine
import SettlementFlows
import Testing

@Suite struct TypedNameTests {
    @Test func `a name is 1 to 128 bytes of UTF-8`() {
        #expect(throws: NameError(noun: "investor id", breach: .empty)) { try InvestorID("") }
        #expect(InvestorID(rawValue: String(repeating: "x", count: 128)) != nil)
        #expect(throws: NameError(noun: "account", breach: .tooLong)) {
            try AccountID(String(repeating: "é", count: 65))
        }
    }

    @Test(arguments: ["a\u{0}", "a\nb", "\u{1F}", "\u{7F}", "a\u{80}", "\u{9F}b"])
    func `control characters are refused`(text: String) {
        #expect(throws: NameError(noun: "asset", breach: .controlCharacter)) { try AssetID(text) }
    }

    @Test func `marks of a saga's path are refused where the name becomes a part of one`() {
        for text in ["a/b", "a#b"] {
            #expect(throws: NameError(noun: "investor id", breach: .pathMark)) { try InvestorID(text) }
            #expect(throws: NameError(noun: "offering id", breach: .pathMark)) { try OfferingID(text) }
            #expect(AccountID(rawValue: text) != nil)
        }
    }

    @Test(arguments: ["a\u{202E}b", "a\u{200B}", "\u{2028}", "a\u{FEFF}", "a\u{AD}b", "\u{2066}x", "a\u{200D}b"])
    func `what is not seen or turns the text is refused where a name is read, and kept where it is stored`(
        text: String
    ) throws {
        let error = #expect(throws: NameError.self) { try AccountID(read: text) }
        #expect(error?.breach == .unseenCharacter)
        #expect(error?.description.contains("U+") == true)
        #expect(AccountID(rawValue: text) != nil)
    }

    @Test(arguments: [".", ".."])
    func `a name is no folder of every path`(text: String) {
        #expect(throws: NameError(noun: "offering id", breach: .dots)) { try OfferingID(read: text) }
    }

    @Test(arguments: ["投資家-Ä 1", "José", "e\u{301}", "INV-1", "a..b", "नमस्ते"])
    func `names in every script are read`(text: String) throws {
        #expect(try InvestorID(read: text).rawValue == text)
    }

    @Test func `letters of every script are names`() throws {
        #expect(try InvestorID("投資家-Ä 1").rawValue == "投資家-Ä 1")
    }

    @Test func `names that only look alike are two names`() throws {
        let composed = try InvestorID("\u{E9}")
        let decomposed = try InvestorID("e\u{301}")
        // Both operators, since the standard library has a "!=" of its own for raw values.
        #expect(composed != decomposed)
        #expect(!(composed == decomposed))
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test func `names sort by their bytes`() throws {
        let names = try ["b", "a", "é", "Z", "zz", "a1", "a-"].map { try InvestorID($0) }
        #expect(names.sorted().map(\.rawValue) == ["Z", "a", "a-", "a1", "b", "zz", "é"])
    }

    @Test func `a name is a bare string in JSON, and checked when it is read`() throws {
        let bytes = try JournalEncoder().encode([try InvestorID("INV-1")])
        #expect(String(decoding: bytes, as: UTF8.self) == #"["INV-1"]"#)
        #expect(try JournalDecoder().decode([InvestorID].self, from: bytes).map(\.rawValue) == ["INV-1"])
        #expect(throws: CodecError.self) {
            try JournalDecoder().decode([InvestorID].self, from: Array(#"["a/b"]"#.utf8))
        }
    }
}
