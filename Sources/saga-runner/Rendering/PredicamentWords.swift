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
        let head = (isStuck ? "Stuck" : "Waiting") + " at stage \(predicament.text("stage")): \(cause)"
        var lines = [isStuck ? ink.red(ink.bold(head)) : ink.yellow(head)]
        lines.append("  \(predicament.text("message"))")
        lines += mismatches
        lines.append("  since \(moments.full(predicament.text("since")))")
        if let until = predicament["until"]?.shown {
            lines.append("  until \(moments.full(until)) at the latest" + (isStuck ? "; it would still be taken" : ""))
        }
        let attempts = predicament.integer("attempts")
        if attempts > 0 { lines.append("  tried \(attempts) \(attempts == 1 ? "time" : "times") in vain") }
        if let notice = predicament["notice"]?.integerValue {
            lines.append("  it is about notice \(notice): saga-runner notices show \(notice)")
        }
        return lines
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
