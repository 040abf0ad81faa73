/// The spelling of strings and integers in JSON, shared by everything that writes it.
enum JSONText {
    static let quote: UInt8 = 0x22
    static let backslash: UInt8 = 0x5c

    static func append(_ string: String, to out: inout [UInt8]) {
        // Nearly every string is stored as UTF-8 and lent without a copy.
        let isDone: Void? = string.utf8.withContiguousStorageIfAvailable { append($0, to: &out) }
        if isDone == nil { Array(string.utf8).withUnsafeBufferPointer { append($0, to: &out) } }
    }

    private static func append(_ utf8: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        out.append(quote)
        if isClean(utf8) {
            out.append(contentsOf: utf8)
        } else {
            for byte in utf8 { appendEscaped(byte, to: &out) }
        }
        out.append(quote)
    }

    static func append(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
        guard let magnitude = UInt64(exactly: value.magnitude) else {
            out.append(contentsOf: String(value).utf8)
            return
        }
        if value < 0 { out.append(UInt8(ascii: "-")) }
        appendDigits(magnitude, to: &out)
    }

    private static func appendDigits(_ value: UInt64, to out: inout [UInt8]) {
        if value < 10 {
            out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value))
            return
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value
            var first = 20
            while rest > 0 {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: digits[first..<20]))
        }
    }

    /// Whether no byte needs an escape, eight bytes at a time.
    private static func isClean(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(utf8)
        var at = 0
        while at + 8 <= raw.count {
            if ByteScan.special(raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) != 0 { return false }
            at += 8
        }
        while at < raw.count {
            let byte = raw[at]
            if byte < 0x20 || byte == quote || byte == backslash { return false }
            at += 1
        }
        return true
    }

    private static func appendEscaped(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case quote, backslash: out.append(contentsOf: [backslash, byte])
        case 0x08: out.append(contentsOf: [backslash, UInt8(ascii: "b")])
        case 0x09: out.append(contentsOf: [backslash, UInt8(ascii: "t")])
        case 0x0a: out.append(contentsOf: [backslash, UInt8(ascii: "n")])
        case 0x0c: out.append(contentsOf: [backslash, UInt8(ascii: "f")])
        case 0x0d: out.append(contentsOf: [backslash, UInt8(ascii: "r")])
        case 0..<0x20:
            out.append(contentsOf: "\\u00".utf8)
            out.append(hexDigit(byte >> 4))
            out.append(hexDigit(byte & 15))
        default: out.append(byte)
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
