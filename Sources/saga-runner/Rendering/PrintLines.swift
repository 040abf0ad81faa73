internal import SagaEngine

/// What persons did to a saga and its children, or tried to: who, what, why, when.
struct PrintLines {
    let saga: JSONValue
    let ink: Ink
    let moments: Moments

    /// A title and two lines for each print; nothing when nobody did anything.
    var lines: [String] {
        let prints = saga.list("prints")
        guard !prints.isEmpty else { return [] }
        var lines = [ink.bold("What persons did, the newest first")]
        for print in prints { lines += ["  " + deed(print), "    " + print.text("reason")] }
        guard prints.count == SagaSnapshot.printLimit else { return lines }
        return lines + ["  and perhaps more: /api/v1/prints?saga=ID has all of them"]
    }

    private func deed(_ print: JSONValue) -> String {
        var words = print.text("action")
        if let other = print["saga"]?.stringValue, other != saga.text("id") { words += " of \(other)" }
        words += ", by \(print.text("actor")) (\(print.text("role"))), \(moments.full(print.text("at")))"
        let outcome = print.text("outcome")
        return outcome == "done" ? words : words + ", " + ink.red("refused: \(outcome)")
    }
}
