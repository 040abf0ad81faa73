internal import SagaEngine

/// What a saga waits for or why it is stuck, in words.
struct PredicamentWords {
    let predicament: JSONValue
    let isStuck: Bool
    let ink: Ink
    let moments: Moments

    /// A fact that does not agree, in one clause.
    static func short(_ mismatch: JSONValue) -> String {
        let actual = mismatch["actual"].map { _ in mismatch.text("actual") }
        return "\(mismatch.text("name")) asked \(mismatch.text("expected")), told \(actual ?? "nothing")"
    }

    /// Some lines, indented.
    var lines: [String] {
        let cause = StatusWords.cause(predicament.text("cause"))
        let stage = predicament.text("stage")
        let place = stage.isEmpty ? "" : " at stage \(stage)"
        let head = (isStuck ? "Stuck" : "Waiting") + "\(place): \(cause)"
        var lines = [isStuck ? ink.red(ink.bold(head)) : ink.yellow(head)]
        lines += message.map { "  " + $0 }
        lines += mismatches
        lines.append("  since \(moments.full(predicament.text("since")))")
        if let until = predicament["until"]?.shown { lines.append("  " + next(moments.full(until))) }
        let attempts = predicament.integer("attempts")
        if attempts > 0 { lines.append("  tried \(attempts) \(attempts == 1 ? "time" : "times") in vain") }
        if let notice = predicament["notice"]?.integerValue {
            lines.append("  it is about notice \(notice): saga-runner notices show \(notice)")
        }
        return lines
    }

    /// What happens at the moment that it waits for.
    private func next(_ moment: String) -> String {
        guard let cause = Predicament.Cause(rawValue: predicament.text("cause")) else { return "until \(moment)" }
        return switch cause {
        case .awaitingMoment: "at \(moment)"
        case .awaitingNotice: "asked again at \(moment)"
        case .overdue: "asked again at \(moment); it would still be taken"
        case .awaitingRetry, .heldBack: "tried again at \(moment)"
        case .awaitingChildren, .refused, .mismatch, .exhausted, .halted, .violation, .divergence, .illegal, .failed,
            .impossible:
            "until \(moment)"
        }
    }

    /// The stage, where it is about one, and why.
    static func line(_ predicament: JSONValue) -> String {
        let stage = predicament.text("stage")
        return (stage.isEmpty ? "" : "\(stage): ") + why(predicament)
    }

    /// What a sentence says right before it lists something, clause by clause, and ends with what to do.
    private static let heads = [
        "difficulty: ", "difficulties: ", "movement: ", "movements: ", "do not agree: ",
    ]

    /// The sentence; what a halt lists has a line for each.
    private var message: [String] {
        let text = predicament.text("message")
        let cause = Predicament.Cause(rawValue: predicament.text("cause"))
        guard cause == .halted || cause == .impossible,
            let head = Self.heads.compactMap({ text.firstRange(of: $0) }).min(by: { $0.lowerBound < $1.lowerBound })
        else { return [text] }
        var clauses = text[head.upperBound...].split(separator: "; ").map(String.init)
        let remedy = clauses.count > 1 ? clauses.removeLast() : nil
        return [text[..<head.upperBound].dropLast().description] + clauses.map { "  " + $0 }
            + (remedy.map { [$0] } ?? [])
    }

    /// Why, in a few words for one line: the halts, and what forbids an action, say it themselves.
    static func why(_ predicament: JSONValue) -> String {
        let mismatches = predicament.list("mismatches")
        guard mismatches.isEmpty else { return mismatches.map(short).joined(separator: "; ") }
        let cause = predicament.text("cause")
        let message = predicament.text("message")
        let first: String
        switch Predicament.Cause(rawValue: cause) {
        case .halted: first = firstClause(of: message.split(separator: ": ", maxSplits: 1).last ?? message[...])
        case .impossible: first = firstClause(of: message[...])
        case _: return StatusWords.cause(cause)
        }
        return first.isEmpty ? StatusWords.cause(cause) : PlainText.escaping(first)
    }

    /// The longest clause that is shown in a line.
    private static let longestClause = 160

    /// How many difficulties there are and the first of them.
    private static func firstClause(of sentence: Substring) -> String {
        let clause = String(sentence.split(separator: "; ", maxSplits: 1).first ?? sentence)
        return clause.count <= longestClause ? clause : clause.prefix(longestClause - 1) + "…"
    }

    private var mismatches: [String] {
        let list = predicament.list("mismatches")
        let name = list.map { $0.text("name").count }.max() ?? 0
        let expected = list.map { $0.text("expected").count }.max() ?? 0
        return list.map { mismatch in
            let asked = mismatch.text("expected").padded(to: expected)
            let told = mismatch["actual"].map { _ in "it says \(mismatch.text("actual"))" } ?? "it does not say"
            return "  " + ink.bold("\(mismatch.text("name").padded(to: name))  we asked for \(asked)   \(told)")
        }
    }
}
