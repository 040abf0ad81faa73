internal import SagaEngine

/// Sagas, one a line, with why they stand where they stand.
struct ListReport {
    let answer: Answer
    let offset: Int
    /// Whether only one status was asked for.
    var isByStatus = false
    let ink: Ink
    let moments: Moments

    var text: String {
        guard !answer.rows.isEmpty else { return "no saga matches\n" }
        let ids = answer.rows.map { $0.text("id").count }.max() ?? 0
        let width = max(4, min(ids, 60))
        let statuses = answer.rows.map { $0.text("status").count + beside($0).count }.max() ?? 0
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
        let (word, more) = (row.text("status"), beside(row))
        let gap = String(repeating: " ", count: max(0, statusWidth - word.count - more.count))
        let words = StatusWords(ink: ink)
        return words.status(word) + (stuckBelow(row).isEmpty ? ink.dim(more) : ink.red(more)) + gap
            + row.text("id").padded(to: width).withSpaces + exposed.padded(to: 22).withSpaces + why(row)
    }

    /// What stands beside the status.
    private func beside(_ row: JSONValue) -> String {
        StatusWords.ending(row).map { " (\($0))" } ?? stuckBelow(row)
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
        let words = PredicamentWords.line(predicament) + moment(predicament)
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
        guard total > Int64(last) else { return ink.dim(range) + "\n" }
        let first = isByStatus ? "" : "; what needs a person first: --status stuck"
        return ink.dim("\(range); more with --offset \(last)\(first)") + "\n"
    }
}

extension String {
    /// The text and the space between two columns.
    fileprivate var withSpaces: String { self + "  " }
}
