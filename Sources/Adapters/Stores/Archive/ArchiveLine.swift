internal import Foundation
internal import SagaEngine

/// A line of an archive of the audit chain: one JSON document, which says all that its link was made of.
///
/// The first line names the store. Each seal's line says how many entries and prints it covers, and their lines follow
/// it. Texts are as they were written; bytes that are no UTF-8 stand as `{"base64": …}`.
enum ArchiveLine {
    /// The version of the format, in the first line.
    static let version: Int64 = 1

    /// What the first line says.
    static func heading(of store: String) -> JSONValue {
        ["archive": .number(JSONNumber(version)), "store": .string(store)]
    }

    static func store(_ line: JSONValue) throws(StoreError) -> String {
        guard line["archive"]?.integerValue == version, let store = line["store"]?.stringValue else {
            throw StoreError(.corrupt, "the file does not begin as an archive of version \(version) does")
        }
        return store
    }

    static func seal(_ seal: AuditedSeal, entries: Int, prints: Int) -> JSONValue {
        [
            "seal": .number(JSONNumber(seal.number)), "at": .number(JSONNumber(seal.at)), "link": hex(seal.link),
            "entries": .number(JSONNumber(Int64(entries))), "prints": .number(JSONNumber(Int64(prints))),
        ]
    }

    static func entry(_ entry: AuditedEntry) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("saga", entry.saga.map { .string($0) } ?? nil),
            .init("sequence", .number(JSONNumber(entry.sequence))),
            .init("stage", entry.stage.map { .string($0) } ?? nil),
            .init("refusals", .number(JSONNumber(entry.refusals))), .init("kind", .number(JSONNumber(entry.kind))),
            .init("at", .number(JSONNumber(entry.at))), .init("body", text(entry.body)), .init("link", hex(entry.link)),
        ]
        if let previous = entry.previous { members.append(.init("previous", hex(previous))) }
        if let beginning = entry.beginning {
            members += [
                .init("flow", .string(beginning.flow.name)),
                .init("version", .number(JSONNumber(Int64(beginning.flow.version)))),
                .init("input", text(beginning.input)),
            ]
        }
        return .object(members)
    }

    static func print(_ print: AuditedPrint) -> JSONValue {
        ["print": text(print.text), "after": .number(JSONNumber(print.after)), "at": .number(JSONNumber(print.at))]
    }

    /// A seal and how many entries and prints it covers, after so many of both.
    static func seal(
        from line: JSONValue, after entry: Int64, _ print: Int64
    ) throws(StoreError) -> (seal: AuditedSeal, entries: Int, prints: Int) {
        let entries = try number("entries", line)
        let prints = try number("prints", line)
        guard (0...1_000_000_000).contains(entries), (0...1_000_000_000).contains(prints) else { throw unreadable }
        let seal = AuditedSeal(
            number: try number("seal", line), at: try number("at", line), lastEntry: entry + entries,
            lastPrint: print + prints, link: try bytes(ofHex: "link", line))
        return (seal, Int(entries), Int(prints))
    }

    static func entry(from line: JSONValue, number: Int64) throws(StoreError) -> AuditedEntry {
        var beginning: AuditedEntry.Beginning?
        if let flow = line["flow"]?.stringValue {
            let version = try Self.number("version", line)
            guard let version = Int(exactly: version) else { throw unreadable }
            beginning = AuditedEntry.Beginning(
                flow: FlowID(name: flow, version: version), input: try bytes(ofText: "input", line))
        }
        return AuditedEntry(
            number: number, saga: line["saga"]?.stringValue, sequence: try Self.number("sequence", line),
            stage: line["stage"]?.stringValue, refusals: try Self.number("refusals", line),
            kind: try Self.number("kind", line), at: try Self.number("at", line), body: try bytes(ofText: "body", line),
            link: try bytes(ofHex: "link", line),
            previous: line["previous"] == nil ? nil : try bytes(ofHex: "previous", line), beginning: beginning)
    }

    static func print(from line: JSONValue, number: Int64) throws(StoreError) -> AuditedPrint {
        AuditedPrint(
            number: number, after: try Self.number("after", line), at: try Self.number("at", line),
            text: try bytes(ofText: "print", line))
    }

    // MARK: - Members

    private static let unreadable = StoreError(.corrupt, "a line of the archive cannot be read")

    private static func number(_ name: String, _ line: JSONValue) throws(StoreError) -> Int64 {
        guard let number = line[name]?.integerValue else { throw unreadable }
        return number
    }

    private static func text(_ bytes: [UInt8]) -> JSONValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return ["base64": .string(Data(bytes).base64EncodedString())]
    }

    private static func bytes(ofText name: String, _ line: JSONValue) throws(StoreError) -> [UInt8] {
        if let text = line[name]?.stringValue { return Array(text.utf8) }
        guard let text = line[name]?["base64"]?.stringValue, let data = Data(base64Encoded: text) else {
            throw unreadable
        }
        return Array(data)
    }

    private static func hex(_ bytes: [UInt8]) -> JSONValue {
        let digits = Array("0123456789abcdef".utf8)
        return .string(String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self))
    }

    private static func bytes(ofHex name: String, _ line: JSONValue) throws(StoreError) -> [UInt8] {
        guard let text = line[name]?.stringValue, text.utf8.count.isMultiple(of: 2) else { throw unreadable }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: throw unreadable
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
