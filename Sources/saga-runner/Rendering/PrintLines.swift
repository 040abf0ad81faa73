internal import Adapters
internal import SagaEngine

/// What persons did, or tried to: who, what, why, when.
struct PrintLines {
    let prints: [JSONValue]
    /// The saga that is looked at: what was done to it needs no name.
    let saga: String?
    let ink: Ink
    let moments: Moments

    /// Two lines for each print, and a third where there is more to say.
    var lines: [String] {
        prints.flatMap { print in
            let detail = print.text("detail")
            let lines = [deed(print), "  " + PlainText.escaping(print.text("reason"))]
            return detail.isEmpty ? lines : lines + ["  " + ink.dim(PlainText.escaping(detail))]
        }
    }

    private func deed(_ print: JSONValue) -> String {
        var words = print.text("action")
        if let other = print["saga"]?.stringValue, saga.map({ other.isSameBytes(as: $0) }) != true {
            words += " of \(PlainText.escaping(name: other))"
        }
        words += ", by \(print.text("actor")) (\(print.text("role"))), \(moments.full(print.text("at")))"
        let outcome = print.text("outcome")
        return outcome == "done" ? words : words + ", " + ink.red("refused: \(outcome)")
    }
}
