extension CommandTable {
    /// Every command, in the order of the overview.
    static let all = CommandTable(
        commands: start + look + ActionCommand.commands + NoticesCommands.commands + PersonsCommands.commands
            + CounterpartiesCommands.commands + care)

    private static let start: [Command] = [
        .own("serve", .start, "Runs the daemon", help: ServeCommand.help) { await ServeCommand.run(arguments: $0) },
        DemoCommand.command,
        .own("sandbox", .start, "Runs counterparties over HTTP that misbehave on demand", help: SandboxCommand.help) {
            await SandboxCommand.run(arguments: $0)
        },
        .own("allot", .start, "Allots an offering from files, as CSV; touches nothing", help: AllotCommand.help) {
            await AllotCommand.run(arguments: $0)
        },
        SettleCommand.command, SubmitCommand.command,
    ]

    private static let look: [Command] = [
        ListCommand.command, ShowCommand.command, PrintsCommand.command, EvidenceCommand.command,
        RunnersCommand.command, SchedulesCommand.command,
        .own("chart", .look, "Draws a flow from what it does", help: ChartCommand.help) {
            await ChartCommand.run(arguments: $0)
        },
    ]

    private static let care: [Command] = [
        AuditCommand.command, ArchiveCommand.command,
        .own("migrate", .care, "Brings the store's schema up to this program", help: MigrateCommand.help) {
            await MigrateCommand.run(arguments: $0)
        },
        VerifyStoreCommand.command,
        .own("config check", .care, "Checks the configuration and names every mistake", help: ConfigCommand.help) {
            await ConfigCommand.run(arguments: $0)
        },
        VersionCommand.command,
    ]
}
