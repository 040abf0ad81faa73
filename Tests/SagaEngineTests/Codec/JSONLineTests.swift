import Testing

@testable import SagaEngine

@Suite struct JSONLineTests {
    /// Spelt one character at a time, as a reader of RFC 8259 would.
    private func spelling(of text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\u{1}": out += "\\u0001"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    @Test(arguments: ["\"", "\\", "\n", "\u{1}", "é", "x"])
    func `a string is spelt right wherever in it the odd character stands`(odd: Character) throws {
        for length in 0...33 {
            for place in 0...length {
                var text = String(repeating: "a", count: length)
                text.insert(odd, at: text.index(text.startIndex, offsetBy: place))
                var line = JSONLine(capacity: 0)
                line.append(quoting: text)
                #expect(String(decoding: line.bytes, as: UTF8.self) == spelling(of: text))
            }
        }
    }

    @Test func `a text grows as far as it must and keeps what stands in it`() {
        var line = JSONLine(capacity: 1)
        var expected: [UInt8] = []
        for number in 0..<5_000 {
            let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 37)
            line.append(piece)
            expected += piece
        }
        #expect(line.bytes == expected)
        line.replace(from: 100, with: [1, 2, 3])
        #expect(line.bytes == expected.prefix(100) + [1, 2, 3])
        line.clear()
        #expect(line.bytes.isEmpty)
    }

    @Test(arguments: [Int64.min, -10, -1, 0, 9, 10, 99, 100, Int64.max])
    func `an integer is written in its digits`(value: Int64) {
        var line = JSONLine()
        line.append(digitsOf: value)
        #expect(String(decoding: line.bytes, as: UTF8.self) == String(value))
    }
}
