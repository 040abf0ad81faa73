import SagaEngine
import Testing

@Suite struct SagaIDTests {
    @Test(arguments: ["", "/", "a/", "/a", "a//b", "a#b", "a/b\u{1F}", "a\u{7F}", String(repeating: "x", count: 513)])
    func `an empty part, a forbidden character or too much of it is no id`(_ text: String) {
        #expect(SagaID(rawValue: text) == nil)
    }

    @Test(arguments: ["a", "SG-TOWER-1/fund/INV-0000001", "ü/é 東京", String(repeating: "x", count: 512)])
    func `parts between slashes are an id`(_ text: String) {
        #expect(SagaID(rawValue: text)?.rawValue == text)
    }

    @Test func `ids are the same when their bytes are, as in a database`() throws {
        let composed = try #require(SagaID(rawValue: "caf\u{E9}"))
        let decomposed = try #require(SagaID(rawValue: "cafe\u{301}"))
        #expect(composed.rawValue == decomposed.rawValue)
        #expect(!(composed == decomposed))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect((composed < decomposed) != (decomposed < composed))
    }
}
