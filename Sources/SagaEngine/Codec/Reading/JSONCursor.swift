/// Walks a text that is expected to stand just as the engine writes it, byte for byte.
///
/// Most journals a replay reads were written by this very code, so nothing has to be searched. What stands otherwise,
/// in another order, with spaces or with escapes in what is read, is no fault: the cursor gives up, and the general
/// reader decides.
struct JSONCursor {
    /// Lent for as long as the cursor lives; every look is guarded by `count`.
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { at == bytes.count }

    /// Passes these bytes if they stand here.
    @inline(__always)
    mutating func pass(_ expected: StaticString) -> Bool {
        let length = expected.utf8CodeUnitCount
        guard bytes.count - at >= length else { return false }
        let start = expected.utf8Start
        var index = 0
        while index < length {
            if bytes[at + index] != start[index] { return false }
            index += 1
        }
        at += length
        return true
    }

    /// Reads a plain text up to its closing quote and passes that; its opening quote has been passed.
    mutating func text() -> String? {
        plain().map { text(in: $0) }
    }

    /// The text in a place that has been passed.
    func text(in range: Range<Int>) -> String {
        String(utf8: UnsafeBufferPointer(rebasing: bytes[range]))
    }

    /// Where a text of ASCII without escapes lies; passes it and its closing quote.
    mutating func plain() -> Range<Int>? {
        let start = at
        at += ByteScan.plainPrefix(of: bytes, from: at)
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
        at += 1
        return start..<(at - 1)
    }

    /// Passes a text, which may have short escapes, and its closing quote.
    mutating func passText() -> Bool {
        while true {
            at += ByteScan.plainPrefix(of: bytes, from: at)
            guard at < bytes.count else { return false }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return true
            case UInt8(ascii: "\\"):
                guard at + 1 < bytes.count, Self.isShortEscape(bytes[at + 1]) else { return false }
                at += 2
            default: return false
            }
        }
    }

    /// Reads an integer as the engine writes it, in at most 18 digits.
    mutating func integer() -> Int64? {
        let start = at
        let isNegative = pass("-")
        let first = at
        var value: Int64 = 0
        while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 {
            guard at - first < 18 else { return nil }
            value = value * 10 + Int64(bytes[at] &- UInt8(ascii: "0"))
            at += 1
        }
        guard at > first, bytes[first] != UInt8(ascii: "0") || at == start + 1 else { return nil }
        return isNegative ? -value : value
    }

    /// Whether two stretches hold the same bytes.
    func areEqual(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
        ByteScan.equal(first, second, in: bytes)
    }

    private static func isShortEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            true
        default: false
        }
    }
}

/// A body that is read straight off the text that the engine has written of it.
protocol CursorReadable: JSONReadable {
    /// Reads the value, which stands here as the engine writes it; `nil` when it does not.
    init?(_ cursor: inout JSONCursor)
}

extension JournalDecoder {
    /// The value that one JSON text holds: the same as from its tokens, and refused where that is.
    func read<T: CursorReadable>(_ type: T.Type, from bytes: [UInt8]) throws(CodecError) -> T {
        try read(type, from: bytes, upTo: bytes.count)
    }

    /// The same of the first bytes of a longer text.
    func read<T: CursorReadable>(_ type: T.Type, from bytes: [UInt8], upTo end: Int) throws(CodecError) -> T {
        let known = bytes.withUnsafeBufferPointer { bytes -> T? in
            guard end <= limits.maxBytes else { return nil }
            var cursor = JSONCursor(UnsafeBufferPointer(rebasing: bytes[..<end]))
            guard let value = T(&cursor), cursor.isAtEnd else { return nil }
            return value
        }
        if let known { return known }
        let text = end == bytes.count ? bytes : Array(bytes[..<end])
        let reader = TapeReader(bytes: text, tape: try JSONParser.tape(of: text, limits: limits))
        return try T(JSONObject(reader, at: 0))
    }
}
