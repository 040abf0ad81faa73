extension CommandTable {
    /// Every command, in the order of the overview.
    static let all = CommandTable(commands: [
        .own("allot", .start, "Allots an offering from files, as CSV; touches nothing", help: AllotCommand.help) {
            await AllotCommand.run(arguments: $0)
        },
    ])
}
