internal import SagaEngine
internal import SettlementFlows

/// Rows that cannot be, one a line, with their files as the user named them.
struct BadRows: Error, CustomStringConvertible {
    let description: String

    /// The faults that were found here.
    init(_ faults: RowFaults, path: (OfferingPart) -> String) {
        description = Self.text(
            faults.first.map { "\(path($0.part)):\($0.line):\($0.column): \($0.message)" }, more: Int64(faults.more))
    }

    /// The faults that a daemon names in the details of its answer; `nil` when it names none.
    init?(details: JSONValue?, path: (OfferingPart) -> String) {
        guard let details, !details.list("rows").isEmpty else { return nil }
        let lines = details.list("rows").map { row in
            let file = OfferingPart(rawValue: row.text("file")).map(path) ?? row.text("file")
            return "\(file):\(row.integer("line")):\(row.integer("column")): \(row.text("message"))"
        }
        description = Self.text(lines, more: details.integer("more"))
    }

    private static func text(_ lines: [String], more: Int64) -> String {
        (lines + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "\n")
    }
}
