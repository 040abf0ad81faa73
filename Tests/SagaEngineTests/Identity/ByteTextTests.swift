import Testing

@testable import SagaEngine

@Suite struct ByteTextTests {
    private let composed = ByteText("\u{E9}")
    private let decomposed = ByteText("e\u{301}")

    @Test func `equivalent spellings are two texts, for every operator and as keys`() {
        #expect(composed != decomposed)
        #expect(!(composed == decomposed))
        #expect(composed == "\u{E9}")
        #expect(Set([composed, decomposed, "\u{E9}"]).count == 2)
        // The sign for Kelvin is equivalent to the letter.
        #expect(ByteText("\u{212A}") != "K")
    }

    @Test func `the engine's names are their bytes`() throws {
        #expect(CounterpartyName(rawValue: composed.rawValue) != CounterpartyName(rawValue: decomposed.rawValue))
        #expect(StageName(rawValue: composed.rawValue) != StageName(rawValue: decomposed.rawValue))
        let elements = try [composed, decomposed].map { try #require(ElementID(rawValue: $0.rawValue)) }
        #expect(elements[0] != elements[1])
        #expect(Set(elements).count == 2)
    }

    @Test func `texts of any length differ by any one byte`() {
        // Two marks in another order: equivalent, and as many bytes.
        #expect(ByteText("a\u{323}\u{307}") != ByteText("a\u{307}\u{323}"))
        for length in 0...40 {
            let bytes = (0..<length).map { UInt8(97 + $0 % 26) }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.isSameBytes(as: String(decoding: bytes, as: UTF8.self)))
            #expect(!text.isSameBytes(as: text + "a"))
            for place in 0..<length {
                var other = bytes
                other[place] ^= 1
                #expect(!text.isSameBytes(as: String(decoding: other, as: UTF8.self)), "\(length) at \(place)")
            }
        }
    }

    @Test func `equivalent spellings of as many bytes are two texts at any length`() {
        for length in 0...40 {
            let head = String(repeating: "a", count: length)
            let (one, other) = (head + "a\u{323}\u{307}", head + "a\u{307}\u{323}")
            #expect(one == other, "they are to be equivalent")
            #expect(one.utf8.count == other.utf8.count)
            #expect(!one.isSameBytes(as: other), "\(one.utf8.count) bytes")
            #expect(one.isSameBytes(as: head + "a\u{323}\u{307}"), "\(one.utf8.count) bytes")
        }
    }

    @Test func `a text is the same bytes as its own copy, as a part of another, and as one that has grown`() {
        for length in 0...40 {
            let text = String(repeating: "b", count: length)
            let copy = text
            #expect(text.isSameBytes(as: copy))
            #expect(text.isSameBytes(as: String((text + "c").dropLast())))
            var grown = ""
            for _ in 0..<length { grown += "b" }
            #expect(text.isSameBytes(as: grown), "\(length)")
            // What once was long may be short and still lie outside the value.
            var shrunk = String(repeating: "b", count: 50)
            shrunk.removeLast(50 - length)
            #expect(text.isSameBytes(as: shrunk), "\(length)")
            #expect(!text.isSameBytes(as: shrunk + "\0"), "\(length)")
        }
    }

    @Test func `a text is made of just the bytes given, short or long, ASCII or not`() {
        for length in 0...40 {
            let head = String(repeating: "d", count: length)
            for text in [head, head + "\u{E9}", "\u{1F3E6}" + head, head + "\0"] {
                let made = Array(text.utf8).withUnsafeBufferPointer { String(utf8: $0) }
                #expect(made.isSameBytes(as: text))
                #expect(Array(made.utf8) == Array(text.utf8))
                #expect(made.hashValue == text.hashValue)
            }
        }
    }

    @Test func `order is that of the bytes`() {
        #expect(decomposed < composed)
        #expect(ByteText("Z") < "a")
    }

    @Test func `order is decided by the first byte that differs, and then by the length`() {
        for length in 0...20 {
            let bytes = (0..<length).map { UInt8(66 + $0 % 24) }
            let text = ByteText(String(decoding: bytes, as: UTF8.self))
            #expect(!(text < text))
            #expect(text < ByteText(text.rawValue + "A"))
            for place in 0..<length {
                // What follows says the opposite, so that no later byte can be what decided.
                var higher = bytes
                higher[place] += 1
                for later in (place + 1)..<max(place + 1, length) { higher[later] = 65 }
                let other = ByteText(String(decoding: higher, as: UTF8.self))
                #expect(text < other, "\(length) at \(place)")
                #expect(!(other < text), "\(length) at \(place)")
            }
        }
        #expect(ByteText("zzzzzzzz") < "\u{E9}")
    }
}
