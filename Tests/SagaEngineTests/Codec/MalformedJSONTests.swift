import SagaEngine
import Testing

@Suite struct MalformedJSONTests {
    /// Texts no strict reader takes, the fault and the byte at which it lies.
    static let texts: [(text: String, code: CodecError.Code, offset: Int)] = [
        ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("\u{feff}1", .unexpectedByte, 0),
        ("[", .unexpectedEnd, 1), ("]", .unexpectedByte, 0), ("{", .unexpectedEnd, 1), ("}", .unexpectedByte, 0),
        ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("[1,]", .unexpectedByte, 3),
        ("[,1]", .unexpectedByte, 1), ("[1,,2]", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 3),
        ("[1}", .unexpectedByte, 2), ("[1]]", .trailingBytes, 3), ("[1] x", .trailingBytes, 4),
        ("1 2", .trailingBytes, 2), ("{}{}", .trailingBytes, 2), ("null null", .trailingBytes, 5),
        ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6),
        ("{\"a\":1,", .unexpectedEnd, 7), ("{\"a\":1,}", .unexpectedByte, 7), ("{\"a\" 1}", .unexpectedByte, 5),
        ("{\"a\"::1}", .unexpectedByte, 5), ("{a:1}", .unexpectedByte, 1), ("{1:1}", .unexpectedByte, 1),
        ("{'a':1}", .unexpectedByte, 1), ("{\"a\":1 \"b\":2}", .unexpectedByte, 7), ("{,}", .unexpectedByte, 1),
        ("{\"a\":1]", .unexpectedByte, 6), ("{\"a\":1,\"a\":2}", .duplicateKey, 7),
        ("{\"a\":1,\"\\u0061\":2}", .duplicateKey, 7), ("[{\"x\":{\"\":1,\"\":1}}]", .duplicateKey, 12),
        ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("-", .unexpectedEnd, 1), ("-a", .invalidNumber, 1),
        ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0), ("1.", .unexpectedEnd, 2),
        ("[1.]", .invalidNumber, 3), ("1.e1", .invalidNumber, 2), ("1e", .unexpectedEnd, 2),
        ("[1e+]", .invalidNumber, 4), ("1e1.5", .trailingBytes, 3), ("0x10", .trailingBytes, 1),
        ("1_000", .trailingBytes, 1), ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0),
        ("-Infinity", .invalidNumber, 1), ("--1", .invalidNumber, 1), ("[1a]", .unexpectedByte, 2),
        ("tru", .unexpectedEnd, 3), ("trub", .unexpectedByte, 3), ("True", .unexpectedByte, 0),
        ("nul", .unexpectedEnd, 3), ("falsee", .trailingBytes, 5), ("undefined", .unexpectedByte, 0),
        ("\"", .unexpectedEnd, 1), ("\"abc", .unexpectedEnd, 4), ("'a'", .unexpectedByte, 0),
        ("\"\\", .unexpectedEnd, 2), ("\"\\\"", .unexpectedEnd, 3), ("\"\\x41\"", .invalidEscape, 2),
        ("\"\\u\"", .invalidEscape, 3), ("\"\\u12\"", .invalidEscape, 5), ("\"\\u12g4\"", .invalidEscape, 5),
        ("\"\\U0041\"", .invalidEscape, 2), ("\"\\ud800\"", .invalidEscape, 7), ("\"\\ud800", .unexpectedEnd, 7),
        ("\"\\ud800x\"", .invalidEscape, 7), ("\"\\ud800\\n\"", .invalidEscape, 8),
        ("\"\\ud800\\u0041\"", .invalidEscape, 1), ("\"\\ud800\\ud800\"", .invalidEscape, 1),
        ("\"\\udc00\"", .invalidEscape, 1), ("\"\\udc00\\ud800\"", .invalidEscape, 1),
        ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1), ("\"\u{0}\"", .controlCharacter, 1),
        ("\"12345678\u{1f}\"", .controlCharacter, 9), ("\u{a0}1", .unexpectedByte, 0), ("1\u{b}", .trailingBytes, 1),
        ("/* c */1", .unexpectedByte, 0), ("1//c", .trailingBytes, 1), ("\u{0}", .unexpectedByte, 0),
    ]

    @Test(arguments: texts.indices)
    func `a malformed text is refused at the byte where it breaks`(index: Int) {
        let (text, code, offset) = Self.texts[index]
        #expect(fault { _ = try JSONValue.parse(text) } == CodecError(code, offset: offset), "\(text.debugDescription)")
        #expect(fault { _ = try decoded(Pair.self, text) } == CodecError(code, offset: offset))
    }

    @Test func `bytes that are not UTF-8 are refused inside strings`() {
        let sequences: [[UInt8]] = [
            [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xc2], [0xc2, 0x22], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf],
            [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x8f, 0xbf, 0xbf],
            [0xf0, 0x9f, 0x98], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xfe], [0xff],
        ]
        for sequence in sequences {
            let error = fault { _ = try JSONValue.parse([0x22, 0x61] + sequence + [0x22]) }
            #expect(error == CodecError(.invalidUTF8, offset: 2), "\(sequence)")
        }
        #expect(fault { _ = try JSONValue.parse([0x22, 0xe2, 0x82]) } == CodecError(.unexpectedEnd, offset: 3))
    }

    @Test func `a repeated name is found among many`() {
        let members = (0..<1_000).map { "\"k\($0)\":\($0)" }
        #expect(fault { _ = try JSONValue.parse("{" + members.joined(separator: ",") + "}") } == nil)
        #expect(
            fault { _ = try JSONValue.parse("{" + (members + ["\"k7\":1"]).joined(separator: ",") + "}") }?.code
                == .duplicateKey)
    }

    @Test(arguments: [2, 3, 15, 16, 17, 18])
    func `a repeated name is found at any place among any number, whatever the values contain`(count: Int) {
        let wide = "[" + (0..<12).map { "{\"k0\":\($0)}" }.joined(separator: ",") + "]"
        let names = (0..<count).map { "k\($0)" }
        func text(_ names: [String]) -> String { "{" + names.map { "\"\($0)\":\(wide)" }.joined(separator: ",") + "}" }
        #expect(fault { _ = try JSONValue.parse(text(names)) } == nil)
        for earlier in 0..<count {
            for later in (earlier + 1)..<count {
                var repeating = names
                repeating[later] = names[earlier]
                #expect(
                    fault { _ = try JSONValue.parse(text(repeating)) }?.code == .duplicateKey,
                    "\(earlier) and \(later) of \(count)")
            }
        }
    }

    @Test func `every fault says in words what to do`() {
        for code in CodecError.Code.allCases {
            #expect(
                "\(CodecError(code, offset: 3, field: "amount"))".hasPrefix("JSON \(code) at field amount, byte 3: "))
        }
    }
}
