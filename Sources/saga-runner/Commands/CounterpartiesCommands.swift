internal import SagaEngine

/// `saga-runner counterparties …`: how the counterparties stand, and their kill switches.
enum CounterpartiesCommands {
    static let commands = [list, switching]

    private static let list = Command.declared(
        "counterparties list", .look, "Shows the counterparties, their breakers and switches", options: [.config],
        examples: ["saga-runner counterparties list"]
    ) { invocation in
        let answer = try await Door.find(invocation).daemon().get(APIPath("counterparties"))
        let report = CounterpartyReport(ink: invocation.console.ink, moments: Moments(now: WallClock.now))
        let text = answer.rows.flatMap { report.lines($0) }.map { $0 + "\n" }.joined()
        try await invocation.console.write(invocation.wantsJSON ? answer.document : text)
    }

    private static let switching = Command.declared(
        "counterparties switch", .act, "Switches a counterparty off or on: nothing is sent to it while it is off",
        operands: ["NAME"], options: [.flag("--off", "send nothing"), .flag("--on", "send again"), .reason, .config],
        details: "What is under way stays under way, callbacks are still taken in, and nothing is lost.",
        examples: [#"saga-runner counterparties switch bank --off --reason "duplicate payments seen""#]
    ) { invocation in
        guard invocation.has("--off") != invocation.has("--on") else { throw UsageError("give --off or --on") }
        let name = invocation.operands[0]
        let answer = try await Door.find(invocation).daemon().post(
            APIPath("counterparties", name, "switch"),
            ["off": .bool(invocation.has("--off")), "reason": .string(try invocation.required("--reason"))])
        let words =
            answer.data["switched_off"]?.boolValue == true
            ? """
            \(name) is off: nothing is sent to it, also after a restart; what is under way stays under way
              to end that: saga-runner counterparties switch \(name.shellQuoted) --on --reason TEXT

            """
            : "\(name) is on: what waited for it goes on, each by its own time\n"
        try await invocation.console.write(invocation.wantsJSON ? answer.document : words)
    }
}
