internal import SagaEngine

/// `saga-runner runners`: the daemons that work on the store.
enum RunnersCommand {
    static let command = Command.declared(
        "runners", .look, "Shows the daemons that work on the store: version, since when, leases, last sign of life",
        options: [.config],
        details: """
            One that gives no sign of life for 10 seconds counts as gone: its sagas are taken over when its lease ends.
            It stays on the list for a day. If no daemon runs, the list is read from the database.
            """,
        examples: ["saga-runner runners", "saga-runner runners --json"]
    ) { invocation in
        let door = try await Door.find(invocation)
        let answer: Answer =
            if let daemon = try await door.daemonIfRunning() {
                try await daemon.get(APIPath("runners"))
            } else {
                try await door.direct(invocation.console).runners()
            }
        let report = RunnerReport(ink: invocation.console.ink, moments: Moments(now: WallClock.now))
        let text = answer.rows.isEmpty ? "none\n" : answer.rows.map { report.line($0) + "\n" }.joined()
        try await invocation.console.write(invocation.wantsJSON ? answer.document : text)
    }
}
