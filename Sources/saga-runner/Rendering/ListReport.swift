internal import SagaEngine

/// Sagas, one a line, with why they stand where they stand.
struct ListReport {
    let answer: Answer
    let offset: Int
    let ink: Ink
    let moments: Moments

    var text: String {
        guard !answer.rows.isEmpty else { return "no saga matches\n" }
        let ids = answer.rows.map { $0.text("id").count }.max() ?? 0
        let width = max(2, min(ids, 60))
        var text =
            ink.bold("STATUS".padded(to: 14) + "SAGA".padded(to: width + 2) + "EXPOSED".padded(to: 24) + "WHY") + "\n"
        for row in answer.rows { text += line(row, width) + "\n" }
        return text + footer
    }

    private func line(_ row: JSONValue, _ width: Int) -> String {
        let exposures = row.list("exposures")
        var exposed = exposures.isEmpty ? "-" : StatusWords.exposures(exposures)
        let children = row.integer("open_children")
        if children > 0 { exposed += " (+\(children) \(children == 1 ? "child" : "children"))" }
        return StatusWords(ink: ink).status(row.text("status"), width: 14)
            + row.text("id").padded(to: width).withSpaces + exposed.padded(to: 22).withSpaces + why(row)
    }

    private func why(_ row: JSONValue) -> String {
        guard let predicament = row["predicament"], !predicament.isNull else {
            return "since " + Moments.plain(row.text("updated_at"))
        }
        var words = "\(predicament.text("stage")): "
        let mismatches = predicament.list("mismatches")
        words +=
            mismatches.isEmpty
            ? StatusWords.cause(predicament.text("cause"))
            : mismatches.map(PredicamentWords.short).joined(separator: "; ")
        let distance = moments.distance(predicament.text("since"))
        return distance.isEmpty ? words : "\(words) (\(distance))"
    }

    private var footer: String {
        let last = offset + answer.rows.count
        guard let total = answer.total else { return "" }
        let range = "\(offset + 1) to \(last) of \(total)"
        return ink.dim(total > Int64(last) ? "\(range); more with --offset \(last)" : range) + "\n"
    }
}

extension String {
    /// The text and the space between two columns.
    fileprivate var withSpaces: String { self + "  " }
}
