import Foundation
import SagaEngine
import Testing

@testable import Adapters

/// Files of the tz database, held against Foundation, which has the rules from elsewhere.
@Suite struct ZoneFileTests {
    private static let folder = "/usr/share/zoneinfo/"

    private static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: folder + name)))
    }

    @Test(arguments: [
        "Asia/Singapore", "Europe/London", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
        "Pacific/Chatham", "America/St_Johns", "Etc/GMT+5", "UTC",
    ])
    func `a zone shows what Foundation shows, a century ahead`(name: String) throws {
        let zone = try #require(SystemZones().zone(named: name))
        let theirs = try #require(TimeZone(identifier: name))
        for hours in stride(from: 0, to: 100 * 365 * 24, by: 7) {
            let moment = 946_684_800 + Int64(hours) * 3_600
            let offset = Int64(theirs.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment))))
            guard zone.period(at: moment).offset != offset else { continue }
            Issue.record("\(name) at \(moment)")
            return
        }
    }

    @Test(
        arguments: [
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", ["2050-04-02T15:00 37800", "2050-10-01T15:30 39600"]),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", ["2050-03-27T01:00 3600", "2050-10-30T01:00 0"]),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", ["2050-03-27T01:00 -3600", "2050-10-30T01:00 -7200"]),
            ("EST5EDT,M3.2.0,M11.1.0", ["2050-03-13T07:00 -14400", "2050-11-06T06:00 -18000"]),
            ("AAA-2BBB-3:30:10,J60/3,364/4:30", ["2050-03-01T01:00 12610", "2050-12-31T00:59 7200"]),
        ] as [(String, [String])])
    func `a rule goes on where the file ends`(text: String, changes: [String]) throws {
        let start = try #require(Timestamp(rfc3339: "2050-01-01T00:00:00Z")).milliseconds / 1_000
        let found = try #require(ZoneRule(text)).changes(after: start, through: 2_050).map {
            "\(Timestamp(milliseconds: $0.at * 1_000).rfc3339.prefix(16)) \($0.offset)"
        }
        #expect(found == changes)
    }

    @Test(arguments: [
        "", "E5", "EST", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,M3.2.7,M11.1.0", "EST25", "<+01", "EST5EDT,M3.2.0,M11.1.0,", "EST5EDT,J366,M11.1.0", "EST5:60",
    ])
    func `what is no rule is refused`(text: String) {
        #expect(ZoneRule(text) == nil)
    }

    @Test func `a file that was cut short or changed is refused, and reading it ends`() throws {
        let whole = try Self.bytes("Europe/London")
        #expect(ZoneFile(whole) != nil)
        for count in stride(from: 0, to: whole.count - 1, by: 13) {
            #expect(ZoneFile(Array(whole.prefix(count))) == nil)
        }
        for place in 20..<44 {
            var broken = whole
            broken[place] = 0xFF
            #expect(ZoneFile(broken) == nil)
        }
        #expect(ZoneFile(Array("TZif".utf8) + [UInt8](repeating: 0, count: 400)) == nil)
    }

    @Test func `leap seconds are not counted`() throws {
        #expect(ZoneFile(try Self.bytes("right/UTC")) == nil)
    }

    @Test func `without a database there is UTC`() throws {
        let zones = SystemZones(folder: "/nonexistent")
        #expect(zones.zone(named: "UTC")?.period(at: 0).offset == 0)
        #expect(zones.zone(named: "Asia/Singapore") == nil)
        #expect(zones.names == ["UTC"])
        #expect(SystemZones().names.contains("Asia/Singapore"))
    }
}
