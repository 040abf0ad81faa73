import Adapters
import Foundation
import SagaEngine
import SettlementFlows
import Testing

/// `docs/reference/offering-files.md` beside the code: every name, limit and message of it, both ways.
@Suite struct OfferingFilesPageTests {
    private let page: DocumentedPage

    init() throws {
        page = try DocumentedPage("docs/reference/offering-files.md")
    }

    @Test func `the page has the keys, the columns and the actions that there are, in their order`() {
        #expect(page.names(in: "offering.json") == Offering.Key.allCases.map(\.rawValue))
        #expect(page.names(in: "investors.csv") == OfferingPart.investors.columns)
        let log = OfferingPart.subscriptions.columns + SubscriptionEvent.Action.allCases.map(\.rawValue)
        #expect(page.names(in: "subscriptions.csv") == log)
        let currencies = page.rows(in: "offering.json").first { $0[0] == "`currency`" }?[2] ?? ""
        #expect(DocumentedPage.quoted(currencies) == Currency.allCases.map(\.rawValue))
        let routes = page.rows(in: "offering.json").first { $0[0] == "`refund_to`" }?[2] ?? ""
        #expect(DocumentedPage.quoted(routes) == RefundRoute.allCases.map(\.rawValue))
    }

    @Test func `the page has the limits that there are`() {
        let limits = [
            "\(OfferingFile.largestBytes) bytes", "\(CSVLimits.standard.fieldBytes) bytes",
            "\(CSVLimits.standard.rowBytes) bytes", "\(NameRule.longest) bytes", "\(Investor.longestField) bytes",
            "\(OfferingBookSchema.lastLine)", "`api.upload_limit_mib` of [the configuration](config.md)",
            "\(RowFaults.named)",
        ]
        #expect(page.rows(in: "Limits").map { $0[1] } == limits)
    }

    @Test func `every message of a bad row is the program's, and none is missing`() async throws {
        var said: [String: Set<String>] = [:]
        for sample in BadRowSample.all {
            let fault = try #require(try await sample.fault(), "nothing was wrong with \(sample)")
            said[fault.code, default: []].insert(fault.message)
        }
        // A file of so many lines is none that a test writes.
        said["row.too_many_rows"] = ["a file may have at most \(OfferingBookSchema.lastLine) lines"]
        var written: [String: Set<String>] = [:]
        for row in page.rows(in: "What is refused") where row[0].hasPrefix("`row.") {
            written[DocumentedPage.quoted(row[0])[0]] = Set(DocumentedPage.quoted(row[1]))
        }
        #expect(Set(said.keys) == Set(RowFault.Kind.allCases.map { "row.\($0.rawValue)" }))
        for code in Set(said.keys).union(written.keys).sorted() { #expect(written[code] == said[code], "\(code)") }
    }

    @Test func `every message about the terms is the program's, and none is missing`() {
        let said = BadTermsSample.all.map { $0.message }
        let written = page.rows(in: "What is refused").filter { !$0[0].hasPrefix("`row.") }
            .flatMap { DocumentedPage.quoted($0[1]) }
        #expect(written.filter { !said.contains($0) } == [])
        #expect(said.filter { !written.contains($0) } == [])
    }
}

/// A page of the documentation, by its sections and their tables.
private struct DocumentedPage {
    private var sections: [String: [[String]]] = [:]

    init(_ path: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        var section = ""
        for line in try String(contentsOf: root.appending(path: path), encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
            guard line.hasPrefix("| "), !line.hasPrefix("|---") else { continue }
            let cells = line.dropFirst(2).dropLast(2).components(separatedBy: " | ")
            sections[section, default: []].append(cells)
        }
    }

    /// The rows of a section's tables, without their heads.
    func rows(in section: String) -> [[String]] {
        (sections[section] ?? []).filter { !["what", "key", "column", "action", "code"].contains($0[0]) }
    }

    /// What stands quoted in the first cells of a section's tables.
    func names(in section: String) -> [String] {
        rows(in: section).compactMap { Self.quoted($0[0]).first }
    }

    /// Everything in a text that is quoted as code.
    static func quoted(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }
}

/// Files of which one row cannot be.
private struct BadRowSample: CustomStringConvertible {
    private static let address = "0x" + String(repeating: "0", count: 40)
    private static let header = OfferingPart.subscriptions.columns.joined(separator: ",")

    /// The rows of `investors.csv`.
    var investors = ["A,N,,E0,D0,T0,\(address),1,", "B,N,,E1,D1,T1,\(address),1,"]
    /// The whole of `subscriptions.csv`.
    var log = [UInt8](header.utf8)
    let description: String

    /// A log of these rows.
    init(log rows: String...) {
        log = Array(([Self.header] + rows).joined(separator: "\n").utf8)
        description = rows.joined(separator: " / ")
    }

    /// A log of exactly this text.
    init(text: String) {
        log = Array(text.utf8)
        description = text
    }

    /// One investor beside another one: fields of the row by their column's name.
    init(investor fields: [String: String]) {
        let usual = ["Z", "N", "", "E9", "D9", "T9", Self.address, "1", ""]
        let row = zip(OfferingPart.investors.columns, usual).map { fields[$0] ?? $1 }
        investors = [investors[0], row.joined(separator: ",")]
        description = "\(fields)"
    }

    /// The first fault of the two files, loaded and sealed as a settlement's are.
    func fault() async throws -> RowFault? {
        let offering = try OfferingFile.read(BadTermsSample.file())
        let book = try await OfferingTables.temporary()
        let loader = OfferingLoader(book: book)
        var people = Array((OfferingPart.investors.columns.joined(separator: ",") + "\n").utf8)
        for row in investors { people += row == Self.notUTF8 ? Self.notUTF8Bytes : Array((row + "\n").utf8) }
        do {
            _ = try await loader.load(.investors, of: offering.id, from: Self.chunks(people))
            _ = try await loader.load(.subscriptions, of: offering.id, from: Self.chunks(log))
            _ = try await book.seal(offering, investors: .required)
            return nil
        } catch OfferingBookError.badRows(let faults) {
            return faults.lowest
        }
    }

    private static let notUTF8 = "not UTF-8"
    private static let notUTF8Bytes = Array("Z,".utf8) + [0xFF] + Array(",,E9,D9,T9,\(address),1,\n".utf8)

    private static var foreignBytes: BadRowSample {
        var sample = BadRowSample(investor: [:])
        sample.investors[1] = notUTF8
        return sample
    }

    private static func chunks(_ bytes: [UInt8]) -> AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            continuation.yield(bytes)
            continuation.finish()
        }
    }

    static let all: [BadRowSample] = form + names + log + accounts

    private static let day = "2026-03-01T00:00:00Z"
    private static let form: [BadRowSample] = [
        BadRowSample(text: "a,b\n"), BadRowSample(log: "S,A,\(day),apply"), BadRowSample(log: "S,A,\(day),apply,1,2"),
        BadRowSample(log: "S,\"A"), BadRowSample(log: "S,A\"B\",\(day),apply,1"),
        BadRowSample(log: "S,\"A\"B,\(day),apply,1"), BadRowSample(log: "S,A,\(day),apply,1\rx"),
        BadRowSample(log: "S," + String(repeating: "x", count: CSVLimits.standard.fieldBytes + 1)),
        BadRowSample(
            log: [String](repeating: String(repeating: "x", count: CSVLimits.standard.fieldBytes), count: 5)
                .joined(separator: ",")),
        BadRowSample(investor: ["name": String(repeating: "x", count: Investor.longestField + 1)]),
        foreignBytes, BadRowSample(investor: ["name": "a\u{0}b"]),
    ]
    private static let names: [BadRowSample] = [
        BadRowSample(investor: ["escrow_account": ""]),
        BadRowSample(investor: ["escrow_account": String(repeating: "x", count: NameRule.longest + 1)]),
        BadRowSample(investor: ["escrow_account": "a\u{7}b"]), BadRowSample(investor: ["investor_id": "a/b"]),
        BadRowSample(investor: ["investor_id": "a\u{200B}b"]), BadRowSample(investor: ["investor_id": ".."]),
        BadRowSample(investor: ["investor_id": "=A"]), BadRowSample(investor: ["email": "nobody"]),
        BadRowSample(investor: ["bank_bic": "dbs"]), BadRowSample(investor: ["token_address": "0x1"]),
    ]
    private static let log: [BadRowSample] = [
        BadRowSample(log: "S,A,yesterday,apply,1"),
        BadRowSample(log: "S,A,\(day),apply,1", "R,A,2026-02-28T00:00:00Z,apply,1"),
        BadRowSample(log: "S,A,2026-03-17T00:00:00Z,apply,1"), BadRowSample(log: "S,A,\(day),buy,1"),
        BadRowSample(log: "S,A,\(day),apply,1.5"), BadRowSample(log: "S,A,\(day),apply,1", "S,A,\(day),cancel,7"),
        BadRowSample(log: "S,A,\(day),apply,1", "S,A,\(day),apply,1"), BadRowSample(log: "S,A,\(day),amend,1"),
        BadRowSample(log: "S,A,\(day),apply,1", "S,B,\(day),amend,1"), BadRowSample(log: "S,Q,\(day),apply,1"),
    ]
    private static let accounts: [BadRowSample] = [
        BadRowSample(investor: ["investor_id": "A"]), BadRowSample(investor: ["deposit_account": "D0"]),
        BadRowSample(investor: ["token_account": "E0"]), BadRowSample(investor: ["deposit_account": "E9"]),
        BadRowSample(investor: ["escrow_account": "ISS-1"]),
    ]
}

/// Terms of which one cannot be, and what is said of it.
private struct BadTermsSample {
    private static let lines = [
        ("offering_id", #""SG-1""#), ("name", #""Tower""#), ("currency", #""SGD""#), ("unit_price", #""5.07""#),
        ("units_offered", "10"), ("minimum_units", "1"), ("issuer_account", #""ISS-1""#),
        ("treasury_account", #""TRE-1""#), ("token_asset", #""DABS-1""#), ("refund_to", #""deposit""#),
        ("closes_at", #""2026-03-16T09:00:00Z""#), ("allotment_at", #""2026-03-18T02:00:00Z""#),
        ("time_zone", #""Asia/Singapore""#),
    ]

    let message: String

    /// The terms with another value for a key, or without it.
    static func file(_ key: String? = nil, _ value: String? = nil) -> [UInt8] {
        let members = lines.compactMap { name, usual in
            name == key ? value.map { "\"\(name)\": \($0)" } : "\"\(name)\": \(usual)"
        }
        return Array("{\(members.joined(separator: ", "))}".utf8)
    }

    private init(_ file: [UInt8]) {
        do {
            _ = try OfferingFile.read(file)
            message = "nothing is wrong"
        } catch {
            message = "\(error)"
        }
    }

    private init(_ key: String, _ value: String?) {
        self.init(Self.file(key, value))
    }

    static let all: [BadTermsSample] =
        [
            BadTermsSample(Array("[]".utf8)), BadTermsSample("name", #""a", "timezone": "b""#),
            BadTermsSample("time_zone", nil), BadTermsSample("name", #""a", "name": "b""#),
        ]
        + [
            ("name", "7"), ("name", #""""#), ("offering_id", #""a/b""#), ("issuer_account", #""""#),
            ("currency", #""QQQ""#), ("unit_price", #""5,07""#), ("unit_price", #""5.071""#),
            ("unit_price", #""\#(String(repeating: "9", count: 60))""#), ("unit_price", #""0.00""#),
            ("units_offered", "1.5"), ("minimum_units", #""x""#), ("units_offered", "0"),
            ("minimum_units", #""18446744073709551616""#), ("treasury_account", #""ISS-1""#),
            ("token_asset", #""SGD""#), ("refund_to", #""cash""#), ("closes_at", #""yesterday""#),
            ("closes_at", #""2026-03-19T00:00:00Z""#), ("time_zone", #""Mars/Olympus""#),
        ].map { BadTermsSample($0.0, $0.1) }
}
