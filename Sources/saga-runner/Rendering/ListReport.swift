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
        let width = max(4, min(ids, 60))
        let statuses = answer.rows.map { $0.text("status").count + stuckBelow($0).count }.max() ?? 0
        let status = max(14, statuses + 2)
        let titles = "STATUS".padded(to: status) + "SAGA".padded(to: width + 2) + "EXPOSED".padded(to: 24) + "WHY"
        var text = ink.bold(titles) + "\n"
        for row in answer.rows { text += line(row, status, width) + "\n" }
        return text + footer
    }

    private func line(_ row: JSONValue, _ statusWidth: Int, _ width: Int) -> String {
        let exposures = row.list("exposures")
        var exposed = exposures.isEmpty ? "-" : StatusWords.exposures(exposures)
        let children = row.integer("open_children")
        if children > 0 { exposed += " (+\(children) \(children == 1 ? "child" : "children"))" }
        let (word, stuck) = (row.text("status"), stuckBelow(row))
        let gap = String(repeating: " ", count: max(0, statusWidth - word.count - stuck.count))
        return StatusWords(ink: ink).status(word) + ink.red(stuck) + gap
            + row.text("id").padded(to: width).withSpaces + exposed.padded(to: 22).withSpaces + why(row)
    }

    /// That a whole that waits has children that need a person.
    private func stuckBelow(_ row: JSONValue) -> String {
        let count = row.integer("stuck_below")
        return count > 0 ? " (\(count) stuck below)" : ""
    }

    private func why(_ row: JSONValue) -> String {
        guard let predicament = row["predicament"], !predicament.isNull else {
            return "since " + Moments.plain(row.text("updated_at"))
        }
        var words = "\(predicament.text("stage")): "
        let mismatches = predicament.list("mismatches")
        words +=
            mismatches.isEmpty
            ? StatusWords.cause(predicament.text("cause")) + moment(predicament)
            : mismatches.map(PredicamentWords.short).joined(separator: "; ")
        let distance = moments.distance(predicament.text("since"))
        return distance.isEmpty ? words : "\(words) (\(distance))"
    }

    /// When it goes on by itself.
    private func moment(_ predicament: JSONValue) -> String {
        guard let until = predicament["until"]?.shown,
            let cause = Predicament.Cause(rawValue: predicament.text("cause"))
        else { return "" }
        switch cause {
        case .awaitingMoment, .awaitingRetry, .heldBack: return ", \(moments.full(until))"
        case .awaitingNotice, .awaitingChildren, .refused, .mismatch, .exhausted, .overdue, .halted, .violation,
            .divergence, .illegal, .failed, .impossible:
            return ""
        }
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
