internal import SagaEngine

/// The actions that a saga's state allows, as command lines to type.
struct ActionLines {
    let saga: JSONValue

    /// The command lines, each with what it is for.
    var lines: [String] {
        let rows = saga.list("actions").compactMap(\.stringValue).compactMap(row)
        let width = rows.map(\.command.count).max() ?? 0
        return rows.map { "\($0.command.padded(to: width))   # \($0.purpose)" }
    }

    private var id: String { saga.text("id").shellQuoted }
    private var stage: String { saga["predicament"]?.text("stage") ?? "STAGE" }

    private func row(_ action: String) -> (command: String, purpose: String)? {
        let command = "saga-runner \(action) \(id)"
        let why = "--reason TEXT"
        return switch action {
        case "retry": ("\(command) \(why)", "do the waiting attempt now")
        case "resume": ("\(command) \(why)", "the cause is mended: look again and go on")
        case "resolve":
            (
                "\(command) --stage \(stage) --outcome settled --evidence FILE \(why)",
                "it has happened, or not (refused), and here is the proof"
            )
        case "exclude": ("\(command) \(why)", "take this line out: refunded in full, its units not made")
        case "discard": ("\(command) \(why)", "nothing has moved: end it, nothing moves")
        case "cancel": ("\(command) \(why)", "call it off and refund everyone")
        default: nil
        }
    }
}
