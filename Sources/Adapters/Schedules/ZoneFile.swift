internal import SagaEngine

/// A zone as a file of the tz database describes it: TZif, RFC 9636, from its second version on.
struct ZoneFile {
    /// A moment from which the clocks show another offset.
    struct Change: Equatable {
        /// Seconds since 1970-01-01T00:00:00Z.
        let at: Int64
        /// What to add to UTC, in seconds.
        let offset: Int64
    }

    /// The last year for which changes are worked out from the zone's rule.
    static let lastYear: Int64 = 2_400

    /// What the clocks show before the first change.
    let offset: Int64
    /// The changes of the offset, oldest first.
    let changes: [Change]

    /// Reads a file; nil when it is none, counts leap seconds, or is broken.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes)
        // The first block is for readers that know 32 bits.
        guard let old = reader.header(), old.version >= UInt8(ascii: "2") else { return nil }
        reader.skip(old.size(ofTime: 4))
        guard let header = reader.header(), header.leaps == 0, header.types > 0 else { return nil }
        let times = (0..<header.times).map { _ in reader.integer(8) }
        let kinds = (0..<header.times).map { _ in Int(reader.integer(1)) }
        let offsets = (0..<header.types).map { _ -> Int64 in
            let offset = Int64(Int32(truncatingIfNeeded: reader.integer(4)))
            reader.skip(2)
            return offset
        }
        reader.skip(header.characters + header.standards + header.universals)
        guard let footer = reader.footer(), kinds.allSatisfy(offsets.indices.contains),
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }), offsets.allSatisfy({ abs($0) < 2 * 86_400 })
        else { return nil }
        var all = zip(times, kinds).map { Change(at: $0, offset: offsets[$1]) }
        if !footer.isEmpty {
            guard let rule = ZoneRule(footer) else { return nil }
            let last = all.last?.at ?? -(1 << 40)
            all += rule.changes(after: last, through: Self.lastYear)
        }
        offset = offsets[0]
        changes = Self.withoutEmpty(all, before: offsets[0])
    }

    /// Leaves out what changes a name alone.
    private static func withoutEmpty(_ changes: [Change], before first: Int64) -> [Change] {
        var kept: [Change] = []
        for change in changes where change.offset != (kept.last?.offset ?? first) { kept.append(change) }
        return kept
    }

    private struct Header {
        let version: UInt8
        let universals: Int
        let standards: Int
        let leaps: Int
        let times: Int
        let types: Int
        let characters: Int

        func size(ofTime width: Int) -> Int {
            times * (width + 1) + types * 6 + characters + leaps * (width + 4) + standards + universals
        }
    }

    /// Reads big-endian integers; what is beyond the end reads as zero, and is found missing at the footer.
    private struct Reader {
        private let bytes: [UInt8]
        private var place = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func skip(_ count: Int) { place += count }

        mutating func integer(_ width: Int) -> Int64 {
            defer { place += width }
            guard place + width <= bytes.count else { return 0 }
            return Int64(bitPattern: bytes[place..<place + width].reduce(0) { $0 << 8 | UInt64($1) })
        }

        mutating func header() -> Header? {
            guard place + 44 <= bytes.count, Array(bytes[place..<place + 4]) == Array("TZif".utf8) else { return nil }
            let version = bytes[place + 4]
            place += 20
            let counts = (0..<6).map { _ in Int(integer(4)) }
            // No count is larger than the file.
            guard counts.allSatisfy({ $0 <= bytes.count }) else { return nil }
            return Header(
                version: version, universals: counts[0], standards: counts[1], leaps: counts[2], times: counts[3],
                types: counts[4], characters: counts[5])
        }

        /// The text between two line ends.
        func footer() -> String? {
            guard place < bytes.count, bytes[place] == 0x0A, let end = bytes[(place + 1)...].firstIndex(of: 0x0A) else {
                return nil
            }
            return String(decoding: bytes[place + 1..<end], as: UTF8.self)
        }
    }
}
