/// An option of a command: a flag, or a name with a value.
struct CommandOption: Sendable, Equatable {
    /// The name, with its dashes.
    let name: String
    /// What the value is, in capitals; nil for a flag.
    let value: String?
    /// One line for the help.
    let summary: String
    let isRequired: Bool
    /// The values that are allowed; empty allows any.
    let choices: [String]

    private init(_ name: String, _ value: String?, _ summary: String, _ isRequired: Bool, _ choices: [String]) {
        self.name = name
        self.value = value
        self.summary = summary
        self.isRequired = isRequired
        self.choices = choices
    }

    static func flag(_ name: String, _ summary: String) -> CommandOption {
        CommandOption(name, nil, summary, false, [])
    }

    static func value(_ name: String, _ value: String, _ summary: String, of choices: [String] = []) -> CommandOption {
        CommandOption(name, value, summary, false, choices)
    }

    static func required(
        _ name: String, _ value: String, _ summary: String, of choices: [String] = []
    ) -> CommandOption {
        CommandOption(name, value, summary, true, choices)
    }

    /// The name and its value, as a usage line has them.
    var usage: String { value.map { "\(name) \($0)" } ?? name }

    // What every command understands.
    static let help = flag("--help", "this text")
    static let json = flag("--json", "one JSON document on standard output")
    /// What every command that looks for its daemon or its store understands.
    static let config = value("--config", "FILE", "the configuration; otherwise SAGA_RUNNER_CONFIG names it")
    static let reason = required("--reason", "TEXT", "why; kept in the audit chain with your name")
}
