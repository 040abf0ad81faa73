extension JSONParser {
    /// Reads a string that begins at the present quote.
    mutating func string() throws(CodecError) {
        at += 1
        let start = at
        var isEscaped = false
        while true {
            at += ByteScan.plainPrefix(of: bytes, from: at)
            guard at < bytes.count else { throw fault(.unexpectedEnd) }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                append(.string, from: start, to: at, isEscaped: isEscaped)
                at += 1
                return
            case UInt8(ascii: "\\"):
                isEscaped = true
                try escape()
            case 0x80...: try multibyte()
            default: throw fault(.controlCharacter)
            }
        }
    }

    /// Passes one escape; a high surrogate must be followed by the escape of a low one.
    private mutating func escape() throws(CodecError) {
        let start = at
        at += 1
        guard at < bytes.count else { throw fault(.unexpectedEnd) }
        switch bytes[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if unit & 0xfc00 == 0xdc00 { throw CodecError(.invalidEscape, offset: start) }
            guard unit & 0xfc00 == 0xd800 else { return }
            guard byte(UInt8(ascii: "\\")) else { throw unexpected(.invalidEscape) }
            at += 1
            guard byte(UInt8(ascii: "u")) else { throw unexpected(.invalidEscape) }
            guard try codeUnit() & 0xfc00 == 0xdc00 else { throw CodecError(.invalidEscape, offset: start) }
        default: throw fault(.invalidEscape)
        }
    }

    /// Reads the four hexadecimal digits after the present `u`.
    private mutating func codeUnit() throws(CodecError) -> UInt16 {
        at += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard at < bytes.count, let digit = JSONEscapes.hexValue(bytes[at]) else {
                throw unexpected(.invalidEscape)
            }
            unit = unit << 4 | digit
            at += 1
        }
        return unit
    }

    /// Passes one character beyond ASCII, well-formed as Unicode's table 3-7 has it.
    private mutating func multibyte() throws(CodecError) {
        let lead = bytes[at]
        let second: ClosedRange<UInt8>
        switch lead {
        case 0xe0: second = 0xa0...0xbf
        case 0xed: second = 0x80...0x9f
        case 0xf0: second = 0x90...0xbf
        case 0xf4: second = 0x80...0x8f
        case 0xc2...0xdf, 0xe1...0xef, 0xf1...0xf3: second = 0x80...0xbf
        default: throw fault(.invalidUTF8)
        }
        let length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
        for index in 1..<length {
            guard at + index < bytes.count else { throw CodecError(.unexpectedEnd, offset: bytes.count) }
            let allowed = index == 1 ? second : 0x80...0xbf
            guard allowed.contains(bytes[at + index]) else { throw fault(.invalidUTF8) }
        }
        at += length
    }

    /// Reads a number; one with a fraction or an exponent is marked as such.
    mutating func number() throws(CodecError) {
        let start = at
        var kind = JSONToken.Kind.integer
        if byte(UInt8(ascii: "-")) { at += 1 }
        if byte(UInt8(ascii: "0")) {
            at += 1
            if at < bytes.count, isDigit(bytes[at]) { throw fault(.invalidNumber) }
        } else {
            try digits()
        }
        if byte(UInt8(ascii: ".")) {
            kind = .fraction
            at += 1
            try digits()
        }
        if byte(UInt8(ascii: "e")) || byte(UInt8(ascii: "E")) {
            kind = .fraction
            at += 1
            if byte(UInt8(ascii: "+")) || byte(UInt8(ascii: "-")) { at += 1 }
            try digits()
        }
        append(kind, from: start, to: at)
    }

    private mutating func digits() throws(CodecError) {
        guard at < bytes.count, isDigit(bytes[at]) else { throw unexpected(.invalidNumber) }
        repeat { at += 1 } while at < bytes.count && isDigit(bytes[at])
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}
