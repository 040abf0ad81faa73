internal import Foundation
public import SagaEngine

/// The time zones of the system's tz database, `/usr/share/zoneinfo`, which Debian's package `tzdata` keeps up to date.
///
/// Foundation's own come with ICU. A statically linked program has that only if something else in it needs it, and its
/// rules are as old as the toolchain.
public struct SystemZones: ZoneSource {
    /// The longest name, in bytes.
    public static let longestName = 64
    /// The largest file of a zone, in bytes.
    static let largestFile = 1 << 20

    private let folder: String

    /// Takes the zones of a folder.
    public init(folder: String = "/usr/share/zoneinfo") {
        self.folder = folder
    }

    /// The zone of a name of the tz database, spelled as there; nil when there is none. `UTC` needs no database.
    public func zone(named name: String) -> (any ZoneRules)? {
        guard Self.isName(name) else { return nil }
        if let bytes = Self.file(folder + "/" + name), let zone = ZoneFile(bytes) {
            return SystemZone(name: name, offset: zone.offset, changes: zone.changes)
        }
        return name == "UTC" ? SystemZone(name: name, offset: 0, changes: []) : nil
    }

    /// The names of the zones that places have, as far as the database lists them.
    public var names: [String] {
        guard let bytes = Self.file(folder + "/zone1970.tab") else { return ["UTC"] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return lines.compactMap { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            return columns.count > 2 ? String(columns[2]) : nil
        } + ["UTC"]
    }

    /// Whether a text names a file below the folder: words of letters, digits, `_`, `+` and `-`, the first one with a
    /// capital, as the database spells its zones and nothing else.
    private static func isName(_ text: String) -> Bool {
        guard text.utf8.count <= longestName, let first = text.utf8.first,
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
        else { return false }
        return text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }

    private static func file(_ path: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path), data.count <= largestFile else { return nil }
        return Array(data)
    }
}

/// A zone whose changes are known.
private struct SystemZone: ZoneRules {
    /// Before and after all changes.
    private static let edge: Int64 = 1 << 40

    let name: String
    let offset: Int64
    let changes: [ZoneFile.Change]

    func period(at moment: Int64) -> ZonePeriod {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= moment { low = middle + 1 } else { high = middle }
        }
        return ZonePeriod(
            start: low == 0 ? -Self.edge : changes[low - 1].at, end: low == changes.count ? Self.edge : changes[low].at,
            offset: low == 0 ? offset : changes[low - 1].offset)
    }
}
