// The spelling of strings and integers in JSON.
extension JSONLine {
    static let quote: UInt8 = 0x22
    private static let backslash: UInt8 = 0x5c

    /// Writes a string with its quotes and escapes.
    mutating func append(quoting string: borrowing String) {
        // Nearly every string is stored as UTF-8 and lent without a copy.
        let lent: Void? = string.utf8.withContiguousStorageIfAvailable { append(quoting: $0) }
        if lent == nil { append(quotingCopyOf: string) }
    }

    @inline(never)
    private mutating func append(quotingCopyOf string: borrowing String) {
        Array(string.utf8).withUnsafeBufferPointer { append(quoting: $0) }
    }

    /// Writes a text's bytes as they are.
    mutating func append(utf8Of string: borrowing String) {
        let lent: Void? = string.utf8.withContiguousStorageIfAvailable { append($0) }
        if lent == nil { append(copyOf: string) }
    }

    @inline(never)
    private mutating func append(copyOf string: borrowing String) {
        append(Array(string.utf8))
    }

    private mutating func append(quoting utf8: UnsafeBufferPointer<UInt8>) {
        reserve(utf8.count + 2)
        guard Self.copyClean(UnsafeRawBufferPointer(utf8), to: UnsafeMutableRawPointer(memory + count + 1)) else {
            return append(escapingAll: utf8)
        }
        memory[count] = Self.quote
        memory[count + utf8.count + 1] = Self.quote
        advance(by: utf8.count + 2)
    }

    @inline(never)
    private mutating func append(escapingAll utf8: UnsafeBufferPointer<UInt8>) {
        append(Self.quote)
        var at = 0
        while at < utf8.count {
            // A text with one odd byte has mostly plain ones, such as JSON within JSON.
            let plain = ByteScan.plainPrefix(of: utf8, from: at)
            append(UnsafeBufferPointer(rebasing: utf8[at..<(at + plain)]))
            at += plain
            guard at < utf8.count else { break }
            append(escaping: utf8[at])
            at += 1
        }
        append(Self.quote)
    }

    /// Copies the bytes, eight at a time; whether none of them needs an escape.
    @inline(__always)
    private static func copyClean(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) -> Bool {
        guard source.count >= 8 else { return copyFewClean(source, to: target) }
        var at = 0
        while at + 8 <= source.count {
            let word = source.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            if ByteScan.special(word) != 0 { return false }
            target.storeBytes(of: word, toByteOffset: at, as: UInt64.self)
            at += 8
        }
        if at < source.count {
            // The last eight, some of which have been copied already.
            at = source.count - 8
            let word = source.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            if ByteScan.special(word) != 0 { return false }
            target.storeBytes(of: word, toByteOffset: at, as: UInt64.self)
        }
        return true
    }

    /// The same of fewer than eight bytes: as two fours, which may overlap, or one by one.
    @inline(__always)
    private static func copyFewClean(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) -> Bool {
        if source.count >= 4 {
            let last = source.count - 4
            let (left, right) = (
                source.loadUnaligned(fromByteOffset: 0, as: UInt32.self),
                source.loadUnaligned(fromByteOffset: last, as: UInt32.self)
            )
            target.storeBytes(of: left, toByteOffset: 0, as: UInt32.self)
            target.storeBytes(of: right, toByteOffset: last, as: UInt32.self)
            return ByteScan.special(UInt64(left) | UInt64(right) << 32) == 0
        }
        var at = 0
        while at < source.count {
            let byte = source[at]
            if byte < 0x20 || byte == Self.quote || byte == Self.backslash { return false }
            target.storeBytes(of: byte, toByteOffset: at, as: UInt8.self)
            at += 1
        }
        return true
    }

    /// Writes an integer in decimal digits.
    mutating func append(digitsOf value: some FixedWidthInteger) {
        guard let magnitude = UInt64(exactly: value.magnitude) else {
            append(Array(String(value).utf8))
            return
        }
        if value < 0 { append(UInt8(ascii: "-")) }
        append(digitsOf: magnitude)
    }

    /// Writes an integer that is wider than other tools' numbers, as a string.
    mutating func append(quotedDigitsOf value: some FixedWidthInteger) {
        append(Self.quote)
        append(digitsOf: value)
        append(Self.quote)
    }

    private mutating func append(digitsOf value: UInt64) {
        if value < 10 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value))
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
            append(UnsafeBufferPointer(rebasing: digits[first..<20]))
        }
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case Self.quote, Self.backslash: appendPair(byte)
        case 0x08: appendPair(UInt8(ascii: "b"))
        case 0x09: appendPair(UInt8(ascii: "t"))
        case 0x0a: appendPair(UInt8(ascii: "n"))
        case 0x0c: appendPair(UInt8(ascii: "f"))
        case 0x0d: appendPair(UInt8(ascii: "r"))
        case 0..<0x20:
            append("\\u00")
            append(Self.hexDigit(byte >> 4))
            append(Self.hexDigit(byte & 15))
        default: append(byte)
        }
    }

    private mutating func appendPair(_ byte: UInt8) {
        append(Self.backslash)
        append(byte)
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
