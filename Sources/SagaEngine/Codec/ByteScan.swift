/// Looks at eight bytes in one go for those that matter inside a JSON string.
enum ByteScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The high bit of each byte that is a quote, a backslash or a control character.
    ///
    /// Bits above the lowest one set may be false alarms (a borrow runs upwards), so use it as "any" or for the lowest.
    @inline(__always)
    static func special(_ word: UInt64) -> UInt64 {
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5c)
        let below = (word &- (ones &* 0x20)) & ~word
        return (below | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)) & highs
    }

    /// How many bytes from the start are plain ASCII that ends nothing and escapes nothing.
    static func plainPrefix(of bytes: [UInt8], from start: Int) -> Int {
        bytes.withUnsafeBufferPointer { plainPrefix(of: $0, from: start) }
    }

    /// How many bytes from the start, which lies within them, are plain ASCII that ends nothing and escapes nothing.
    @inline(__always)
    static func plainPrefix(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var at = start
        while at + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let found = special(word) | (word & highs)
            if found != 0 { return at + found.trailingZeroBitCount / 8 - start }
            at += 8
        }
        while at < raw.count {
            let byte = raw[at]
            if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5c { break }
            at += 1
        }
        return at - start
    }

    /// Whether two stretches of the same bytes are equal.
    @inline(__always)
    static func equal(_ first: Range<Int>, _ second: Range<Int>, in bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { equal(first, second, in: $0) }
    }

    /// Whether two stretches of the same bytes are equal; both lie within them.
    @inline(__always)
    static func equal(_ first: Range<Int>, _ second: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        precondition(first.upperBound <= bytes.count && second.upperBound <= bytes.count, "stretches of these bytes")
        let raw = UnsafeRawBufferPointer(bytes)
        return equal(UnsafeRawBufferPointer(rebasing: raw[first]), UnsafeRawBufferPointer(rebasing: raw[second]))
    }

    /// Whether two stretches of memory hold the same bytes.
    @inline(__always)
    static func equal(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
        guard first.count == second.count else { return false }
        var at = 0
        while at + 8 <= first.count {
            let left = first.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            if left != second.loadUnaligned(fromByteOffset: at, as: UInt64.self) { return false }
            at += 8
        }
        while at < first.count {
            if first[at] != second[at] { return false }
            at += 1
        }
        return true
    }

    /// Where a newline stands from a place on, or `nil`.
    static func newline(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { raw in
            var at = start
            while at + 8 <= raw.count {
                let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                let other = word ^ (ones &* 0x0a)
                // The lowest bit set is right; those above it may be false alarms.
                let found = (other &- ones) & ~other & highs
                if found != 0 { return at + found.trailingZeroBitCount / 8 }
                at += 8
            }
            while at < raw.count {
                if raw[at] == 0x0a { return at }
                at += 1
            }
            return nil
        }
    }

    /// The first stretch whose bytes an earlier one has already: pairwise for a few, by hash for many.
    static func repeated(_ stretches: [Range<Int>], in bytes: [UInt8]) -> Range<Int>? {
        if stretches.count > 16 {
            var seen = Set<ArraySlice<UInt8>>(minimumCapacity: stretches.count)
            return stretches.first { !seen.insert(bytes[$0]).inserted }
        }
        for (index, stretch) in stretches.enumerated() {
            for earlier in stretches[..<index] where equal(earlier, stretch, in: bytes) { return stretch }
        }
        return nil
    }
}
