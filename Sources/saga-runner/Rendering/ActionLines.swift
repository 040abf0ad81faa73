internal import SagaEngine

/// The actions that a saga's state allows, as command lines to type.
struct ActionLines {
    let saga: JSONValue

    /// What each is for, whether it needs a second person, and below it the command line.
    var lines: [String] {
        let needsTwo = saga.list("needs_second_person").compactMap(\.shown)
        return saga.list("actions").compactMap(\.shown).flatMap { action in
            guard let (command, purpose) = row(action) else { return [String]() }
            guard needsTwo.contains(action) else { return [purpose + ":", "  " + command] }
            let refusal = "(needs a second person, so it is refused while single_handed is off):"
            return [purpose, refusal, "  " + command]
        }
    }

    private var id: String { saga.text("id").shellQuoted }
    private var stage: String {
        let stage = saga["predicament"]?.text("stage") ?? ""
        return stage.isEmpty ? "STAGE" : stage
    }

    private func row(_ action: String) -> (command: String, purpose: String)? {
        let command = "saga-runner \(action) \(id)"
        let why = "--reason TEXT"
        return switch action {
        case "retry": ("\(command) \(why)", "do the waiting attempt now")
        case "resume": ("\(command) \(why)", "the cause is mended: look again and go on")
        case "resolve":
            (
                "\(command) --stage \(stage) --outcome settled --evidence FILE \(why)",
                "it has happened, or it was refused, and here is the proof"
            )
        case "exclude": ("\(command) \(why)", "take this line out: \(saga.text("exclusion"))")
        case "discard": ("\(command) \(why)", "end it as one that has moved nothing")
        case "cancel": ("\(command) \(why)", "call it off and refund everyone")
        default: nil
        }
    }
}
