import SagaEngine
import Testing

@Suite struct JSONValueTests {
    static let sample: JSONValue = [
        "z": nil, "a": [true, false, -12, []], "text": "é\n", "empty": [:], "deep": ["k": [["x": 1]]],
    ]

    @Test func `members keep their order and numbers their spelling`() throws {
        let text = #"{"z":1.50,"a":[-0,1E+400,12345678901234567890123456789],"m":{"é":null}}"#
        #expect(try JSONValue.parse(text).text() == text)
    }

    @Test func `the pretty layout indents and reads back the same`() throws {
        #expect(
            (["a": [1, ["b": "c"]], "d": [], "e": [:]] as JSONValue).text(.pretty) == """
                {
                  "a": [
                    1,
                    {
                      "b": "c"
                    }
                  ],
                  "d": [],
                  "e": {}
                }
                """)
        #expect(try JSONValue.parse(Self.sample.text(.pretty)) == Self.sample)
        #expect(try JSONValue.parse(Self.sample.bytes()) == Self.sample)
    }

    @Test func `values are reached by name and kind`() {
        let value = Self.sample
        #expect(value["z"]?.isNull == true && value["q"] == nil)
        #expect(value["a"]?.arrayValue?[0].boolValue == true && value["a"]?.arrayValue?[2].integerValue == -12)
        #expect(value["text"]?.stringValue == "é\n" && value["text"]?.integerValue == nil)
        #expect(value["deep"]?["k"]?.arrayValue?.first?["x"] == 1)
        #expect(value["empty"]?.objectValue == [])
    }

    @Test func `only JSON numbers are numbers`() {
        for text in ["0", "-0", "1.5", "1e9", "123456789012345678901234567890"] {
            #expect(JSONNumber(text)?.text == text)
        }
        for text in ["", " 1", "1 ", "01", "+1", "NaN", "1,2", "null", "\"1\"", "[1]"] {
            #expect(JSONNumber(text) == nil, "\(text)")
        }
        #expect(JSONNumber(UInt128.max).integer(UInt128.self) == .max)
        #expect(JSONNumber("1.0")?.integer(Int.self) == nil)
        #expect(JSONNumber("128")?.integer(Int8.self) == nil)
    }

    @Test func `an untyped value travels inside typed ones`() throws {
        struct Envelope: Codable, Equatable {
            var id: Int
            var body: JSONValue
            var more: [JSONValue]?
        }
        let envelope = Envelope(
            id: 1, body: ["rate": .number(try #require(JSONNumber("1.50")))], more: [nil, "x", [1]])
        let text = #"{"id":1,"body":{"rate":1.50},"more":[null,"x",[1]]}"#
        #expect(try encoded(envelope) == text)
        #expect(try decoded(Envelope.self, text) == envelope)
    }

    @Test func `an untyped value cannot smuggle in what the encoder refuses`() {
        #expect(
            fault { _ = try encoded(["x": .object([.init("a", 1), .init("a", 2)])] as [String: JSONValue]) }?.code
                == .duplicateKey)
        let shallow = JournalEncoder(limits: CodecLimits(maxBytes: 100, maxDepth: 2))
        #expect(fault { _ = try shallow.encode([[1, 2]] as [JSONValue]) } == nil)
        #expect(fault { _ = try shallow.encode([[[1]]] as [JSONValue]) }?.code == .tooDeep)
        #expect(fault { _ = try shallow.encode([[[]]] as [[JSONValue]]) }?.code == .tooDeep)
    }
}
