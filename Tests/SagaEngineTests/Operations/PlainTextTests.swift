import SagaEngine
import Testing

@Suite struct PlainTextTests {
    @Test(arguments: ["", "bank is back", "é ü 中文 العربية 👩‍👩‍👧", "a~b|c{d}", "naïve\u{a0}space"])
    func `words in any script are plain`(_ text: String) {
        #expect(PlainText.fault(in: text) == nil)
        #expect(PlainText.escaping(text) == text)
    }

    @Test(arguments: [
        ("\u{0}", "U+0000", 1), ("a\nb", "U+000A", 2), ("ab\t", "U+0009", 3), ("\u{1b}[31m", "U+001B", 1),
        ("é\u{7f}", "U+007F", 2), ("x\u{85}", "U+0085", 2), ("paid \u{202e}on", "U+202E", 6), ("\u{2066}", "U+2066", 1),
        ("a\u{200f}", "U+200F", 2), ("a\u{61c}", "U+061C", 2), ("a\u{2028}", "U+2028", 2), ("a\u{2069}b", "U+2069", 2),
    ])
    func `what moves a terminal or turns the text is named with its place`(
        _ text: String, _ name: String, _ place: Int
    ) {
        #expect(PlainText.fault(in: text) == "\(name) at character \(place)")
        #expect(PlainText.escaping(text).contains("<\(name)>"))
        #expect(PlainText.fault(in: PlainText.escaping(text)) == nil)
    }
}
