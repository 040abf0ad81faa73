internal import Adapters
internal import SagaEngine

/// The four books as a table, and as JSON.
struct FourBooksTable {
    private static let shownDifferences = 10

    let report: FourBooksReport
    let ink: Ink

    var text: String {
        let heads = ["ours", "custodian", "bank", "chain"]
        let cells = report.rows.map { row in
            [row.ours, row.custodian, row.bank, row.chain].map { $0.map { Self.amount($0, row.digits) } ?? "-" }
        }
        let labels = report.rows.map { "\($0.asset) \($0.what)" }
        let label = (labels + ["x"]).map(\.count).max() ?? 0
        let widths = heads.indices.map { column in max(heads[column].count, cells.map { $0[column].count }.max() ?? 0) }
        var text = "  " + "".padded(to: label)
        for (head, width) in zip(heads, widths) { text += "  " + ink.bold(head.rightAligned(to: width)) }
        text += "\n"
        for (index, row) in report.rows.enumerated() {
            text += "  " + labels[index].padded(to: label)
            for (cell, width) in zip(cells[index], widths) { text += "  " + cell.rightAligned(to: width) }
            text += "  " + (row.agrees ? ink.green("✔") : ink.red("✖")) + "\n"
        }
        return text + conclusion
    }

    /// The amount in major units, grouped by thousands.
    static func amount(_ value: Int128, _ digits: Int) -> String {
        var scaled = value
        for _ in digits..<SandboxAmount.decimalLimit { scaled *= 10 }
        let plain = SandboxAmount.text(scaled, decimals: digits)
        let whole = plain.prefix { $0 != "." }
        let number = whole.hasPrefix("-") ? whole.dropFirst() : whole
        var grouped = ""
        for (index, digit) in number.enumerated() {
            if index > 0, (number.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return (value < 0 ? "-" : "") + grouped + plain[whole.endIndex...]
    }

    var json: JSONValue {
        [
            "settlement": .string(report.id), "agree": .bool(report.agrees),
            "compared": .number(JSONNumber(report.compared)),
            "differences": .array(report.differences.map(JSONValue.string)),
            "figures": .array(
                report.rows.map { row in
                    var members: [JSONValue.Member] = [
                        .init("asset", .string(row.asset)), .init("what", .string(row.what)),
                    ]
                    for (name, value) in [
                        ("ours", row.ours), ("custodian", row.custodian), ("bank", row.bank), ("chain", row.chain),
                    ] {
                        if let value { members.append(.init(name, .string(Self.amount(value, row.digits)))) }
                    }
                    return .object(members)
                }),
        ]
    }

    private var conclusion: String {
        let accounts = "\(report.compared) accounts compared one by one over \(report.lines) lines"
        guard !report.agrees else { return "  \(accounts): \(ink.green("the four books agree"))\n" }
        var text = "  \(accounts): \(ink.red("the books do not agree")), \(report.differences.count) differences\n"
        for difference in report.differences.prefix(Self.shownDifferences) { text += "    \(difference)\n" }
        return text
    }
}
