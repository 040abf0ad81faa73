extension CommandTable {
    /// Every command, in the order of the overview.
    static let all = CommandTable(
        commands: [
            .own("sandbox", .start, "Runs counterparties over HTTP that misbehave on demand", help: SandboxCommand.help) {
                await SandboxCommand.run(arguments: $0)
            },
            .own("allot", .start, "Allots an offering from files, as CSV; touches nothing", help: AllotCommand.help) {
                await AllotCommand.run(arguments: $0)
            },
            DemoCommand.command, SettleCommand.command, SubmitCommand.command,
            ListCommand.command, ShowCommand.command,
        ] + ActionCommand.commands + NoticesCommands.commands + PersonsCommands.commands
            + CounterpartiesCommands.commands + [AuditCommand.command, VerifyStoreCommand.command])
}
