/// What `saga-runner` alone prints: every command with one line, by purpose.
struct CommandOverview {
    let table: CommandTable
    let ink: Ink

    var text: String {
        var text = """
            \(ink.bold("saga-runner")) settles tokenised-property offerings durably, whatever the counterparties do.

            Usage: saga-runner COMMAND [OPTIONS]

            """
        for group in CommandGroup.allCases {
            let members = table.commands.filter { $0.group == group }
            guard !members.isEmpty else { continue }
            text += "\n" + ink.bold(group.rawValue) + "\n" + list(members)
        }
        return text + """

            Every command: --help with an example, --json for machines; messages on standard error.
            Exit status: \(CommandStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: ", ")).
            The daemon or the store is found through --config FILE or SAGA_RUNNER_CONFIG. Who asks is known by a token, in
            SAGA_RUNNER_TOKEN or in the file that SAGA_RUNNER_TOKEN_FILE names.

            """
    }

    /// Commands with their summaries, one a line.
    func list(_ commands: [Command]) -> String {
        let width = (table.commands.map(\.name.count).max() ?? 0) + 2
        return commands.map { "  " + $0.name.padded(to: width) + $0.summary + "\n" }.joined()
    }
}
