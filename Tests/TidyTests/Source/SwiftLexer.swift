/// Splits Swift source into the tokens the rules look for.
///
/// It knows comments (nested too), strings (raw, many-line, interpolated) and raw identifiers. It does not know
/// regular-expression literals, which this project does without.
struct SwiftLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var tokens: [SwiftToken] = []

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    static func tokens(of text: String) -> [SwiftToken] {
        var lexer = SwiftLexer(text)
        lexer.readCode(untilParenthesis: false)
        return lexer.tokens
    }

    private func peek(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private func starts(with text: StaticString) -> Bool {
        guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    /// Reads to the end of the text, or to the parenthesis that ends an interpolation.
    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while position < bytes.count {
            let byte = peek()
            if untilParenthesis, depth == 0, byte == UInt8(ascii: ")") { return }
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            readOne(byte)
        }
    }

    private mutating func readOne(_ byte: UInt8) {
        if starts(with: "//") {
            while position < bytes.count, peek() != UInt8(ascii: "\n") { advance() }
        } else if starts(with: "/*") {
            skipBlockComment()
        } else if byte == UInt8(ascii: "\"") || (byte == UInt8(ascii: "#") && opensRawString()) {
            readString()
        } else if byte == UInt8(ascii: "`") {
            readRawIdentifier()
        } else if Self.isDigit(byte) {
            readNumber()
        } else if Self.isWord(byte) {
            let start = position
            while Self.isWord(peek()) || Self.isDigit(peek()) { advance() }
            append(.word, from: start, line)
        } else {
            if byte > 0x20 { append(.mark, String(UnicodeScalar(byte)), line) }
            advance()
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                advance(2)
            } else if starts(with: "*/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && position < bytes.count
    }

    private mutating func readRawIdentifier() {
        advance()
        let start = position
        while position < bytes.count, peek() != UInt8(ascii: "`"), peek() != UInt8(ascii: "\n") { advance() }
        append(.word, from: start, line)
        advance()
    }

    private mutating func readNumber() {
        let start = position
        let isMember = tokens.last?.text == "."
        while Self.isDigit(peek()) || Self.isWord(peek()) { advance() }
        if !isMember, peek() == UInt8(ascii: "."), Self.isDigit(peek(1)) {
            advance()
            while Self.isDigit(peek()) || Self.isWord(peek()) { advance() }
        }
        append(.number, from: start, line)
    }

    private func opensRawString() -> Bool {
        var offset = 0
        while peek(offset) == UInt8(ascii: "#") { offset += 1 }
        return peek(offset) == UInt8(ascii: "\"")
    }

    /// Reads one literal; a string that its line does not end is given up at the line's end, so that one slip
    /// of this lexer cannot hide the rest of a file.
    private mutating func readString() {
        append(.string, "\"", line)
        var hashes = 0
        while peek() == UInt8(ascii: "#") {
            hashes += 1
            advance()
        }
        let isBlock = starts(with: "\"\"\"")
        advance(isBlock ? 3 : 1)
        while position < bytes.count {
            if peek() == UInt8(ascii: "\\"), follow(hashes, at: 1) {
                advance(1 + hashes)
                readEscape()
            } else if peek() == UInt8(ascii: "\""), !isBlock || starts(with: "\"\"\""),
                follow(hashes, at: isBlock ? 3 : 1)
            {
                return advance((isBlock ? 3 : 1) + hashes)
            } else if peek() == UInt8(ascii: "\n"), !isBlock {
                return
            } else {
                advance()
            }
        }
    }

    private mutating func readEscape() {
        guard peek() == UInt8(ascii: "(") else { return advance() }
        advance()
        readCode(untilParenthesis: true)
        advance()
    }

    private func follow(_ hashes: Int, at offset: Int) -> Bool {
        (0..<hashes).allSatisfy { peek(offset + $0) == UInt8(ascii: "#") }
    }

    private mutating func append(_ kind: SwiftToken.Kind, from start: Int, _ line: Int) {
        append(kind, String(decoding: bytes[start..<position], as: UTF8.self), line)
    }

    private mutating func append(_ kind: SwiftToken.Kind, _ text: String, _ line: Int) {
        tokens.append(SwiftToken(kind: kind, text: text, line: line))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        return isLetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || byte >= 0x80
    }
}
