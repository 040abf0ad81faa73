extension CommandTable {
    /// Every command, in the order of the overview.
    static let all = CommandTable(commands: [
        .own("sandbox", .start, "Runs the counterparties as HTTP servers that misbehave on demand", help: SandboxCommand.help) {
            await SandboxCommand.run(arguments: $0)
        },
        .own("allot", .start, "Allots an offering from files, as CSV; touches nothing", help: AllotCommand.help) {
            await AllotCommand.run(arguments: $0)
        },
    ])
}
