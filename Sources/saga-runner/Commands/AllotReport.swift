internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// Writes a published allotment to an output, a page of lines at a time.
struct AllotReport {
    static let header = "investor_id,subscribed_units,allotted_units,payable,refund\n"
    private static let pageLines = 4_096

    let book: any OfferingBook
    let summary: AllotmentSummary
    let output: OutputFile

    func write(asJSON: Bool) async throws {
        var text = asJSON ? jsonHead : Self.header
        var last: InvestorID?
        var isFirst = true
        repeat {
            let page = try await book.allotments(
                of: summary.offering, input: summary.inputDigest, after: last, limit: Self.pageLines)
            for line in page {
                text += asJSON ? (isFirst ? "\n" : ",\n") + Self.json(line) : Self.csv(line)
                isFirst = false
            }
            last = page.last?.investor
            if last == nil && asJSON { text += "\n]}}\n" }
            try await output.write(text)
            text = ""
        } while last != nil
    }

    private static func csv(_ line: InvestorAllotment) -> String {
        var text = quoted(line.investor.rawValue)
        for field in [line.subscribed.description, line.allotted.description, line.payable.text, line.refund.text] {
            text += "," + field
        }
        return text + "\n"
    }

    /// RFC 4180: an id with a comma or a quote is quoted; it cannot hold line ends.
    private static func quoted(_ id: String) -> String {
        guard id.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else { return id }
        var text = "\""
        for character in id.unicodeScalars {
            if character == "\"" { text += "\"" }
            text.unicodeScalars.append(character)
        }
        return text + "\""
    }

    private static func json(_ line: InvestorAllotment) -> String {
        JSONValue.object([
            .init("investor_id", .string(line.investor.rawValue)),
            .init("subscribed_units", .string(line.subscribed.description)),
            .init("allotted_units", .string(line.allotted.description)),
            .init("payable", .string(line.payable.text)), .init("refund", .string(line.refund.text)),
        ]).text()
    }

    /// The document up to its lines: they follow one by one, so that they are never all held.
    private var jsonHead: String {
        let totals = JSONValue.object([
            .init("offering_id", .string(summary.offering.rawValue)),
            .init("outcome", .string(summary.outcome.rawValue)), .init("ratio", .string(summary.ratio)),
            .init("currency", .string(summary.paid.currency.rawValue)),
            .init("investors", .number(JSONNumber(summary.investors))),
            .init("units_offered", .string(summary.offered.description)),
            .init("subscribed_units", .string(summary.subscribed.description)),
            .init("allotted_units", .string(summary.allotted.description)),
            .init("left_over_units", .string(summary.leftOver.description)),
            .init("payable", .string(summary.payable.text)), .init("refund", .string(summary.refund.text)),
            .init("input_digest", .string(summary.inputDigest.rawValue)),
            .init("lines_digest", .string(summary.linesDigest.rawValue)),
        ]).text()
        return "{\"data\":" + totals.dropLast() + ",\"lines\":["
    }
}
