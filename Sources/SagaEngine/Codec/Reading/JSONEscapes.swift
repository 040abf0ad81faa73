/// What the escapes in a string stand for; the parser has checked them before.
enum JSONEscapes {
    static func hexValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// The UTF-8 of a checked string without its quotes.
    static func resolved(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
                out.append(byte)
                continue
            }
            switch escaped {
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0c)
            case UInt8(ascii: "n"): out.append(0x0a)
            case UInt8(ascii: "r"): out.append(0x0d)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "u"): appendScalar(from: &rest, to: &out)
            default: out.append(escaped)
            }
        }
        return out
    }

    private static func appendScalar(from rest: inout ArraySlice<UInt8>, to out: inout [UInt8]) {
        var value = UInt32(takeUnit(from: &rest))
        if value & 0xfc00 == 0xd800 {
            rest = rest.dropFirst(2)
            let low = UInt32(takeUnit(from: &rest))
            value = 0x10000 + (value & 0x3ff) << 10 + (low & 0x3ff)
        }
        guard let scalar = Unicode.Scalar(value) else { preconditionFailure("the parser pairs surrogates") }
        out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private static func takeUnit(from rest: inout ArraySlice<UInt8>) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            if let digit = rest.popFirst().flatMap(hexValue) { unit = unit << 4 | digit }
        }
        return unit
    }
}
