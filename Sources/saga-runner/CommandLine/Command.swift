/// One command: its words, what it takes, an example, and what it does.
struct Command: Sendable {
    /// Reads its own arguments, prints its own help and answers with the exit status.
    typealias Own = @Sendable (_ arguments: [String]) async -> Int32
    /// Does what a checked command line asks for.
    typealias Action = @Sendable (_ invocation: Invocation) async throws -> Void

    /// What follows `saga-runner`, such as `notices` and `list`.
    let words: [String]
    let group: CommandGroup
    /// One line for the overview.
    let summary: String
    let body: Body

    enum Body: Sendable {
        case own(help: String, run: Own)
        case declared(Declaration)
    }

    /// What the table checks before the action runs, and what help is made of.
    struct Declaration: Sendable {
        /// The names of the operands, in capitals; `[NAME]` may be left out.
        var operands: [String] = []
        var options: [CommandOption] = []
        /// What there is to know beyond the summary.
        var details = ""
        /// Command lines that work as typed.
        var examples: [String]
        var action: Action
    }

    /// A command that reads its own arguments.
    static func own(
        _ words: String, _ group: CommandGroup, _ summary: String, help: String, _ run: @escaping Own
    ) -> Command {
        Command(
            words: words.split(separator: " ").map(String.init), group: group, summary: summary,
            body: .own(help: help, run: run))
    }

    /// A command whose arguments the table reads.
    static func declared(
        _ words: String, _ group: CommandGroup, _ summary: String, operands: [String] = [],
        options: [CommandOption] = [], details: String = "", examples: [String], _ action: @escaping Action
    ) -> Command {
        Command(
            words: words.split(separator: " ").map(String.init), group: group, summary: summary,
            body: .declared(
                Declaration(
                    operands: operands, options: options + [.json, .help], details: details, examples: examples,
                    action: action)))
    }

    /// The command as typed after the program's name.
    var name: String { words.joined(separator: " ") }

    /// The help text; it ends with an example.
    var help: String {
        switch body {
        case .own(let help, _): help
        case .declared(let declaration): CommandHelp(command: self, declaration: declaration).text
        }
    }
}
