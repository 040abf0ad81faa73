/// `saga-runner actions`, `approve`, `reject`: the second person's commands, which there is no second person for yet.
enum PersonsCommands {
    static let commands = [
        command("actions", "Lists actions that wait for a second person", [], "saga-runner actions"),
        command("approve", "Approves another person's action", ["ACTION"], "saga-runner approve 17"),
        command("reject", "Rejects another person's action", ["ACTION"], "saga-runner reject 17"),
    ]

    private static func command(
        _ name: String, _ summary: String, _ operands: [String], _ example: String
    ) -> Command {
        .declared(
            name, .persons, summary, operands: operands, options: [.config],
            details: """
                Not available yet: nobody can approve. Until then an action that can move money is refused, unless
                single_handed is on, which is possible only with every counterparty on loopback.
                """,
            examples: [example]
        ) { _ in
            throw CommandFailure(
                .refused,
                "approvals by a second person are not available yet; actions that can move money are refused unless "
                    + "single_handed is on, which needs every counterparty on loopback")
        }
    }
}
