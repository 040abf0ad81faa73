internal import SagaEngine

/// `saga-runner show`: one saga as somebody needs it who has to decide.
enum ShowCommand {
    static let command = Command.declared(
        "show", .look, "Shows a saga: where it stands, why, what is at stake, what can be done", operands: ["ID"],
        options: [
            .config, .value("--journal", "N", "its journal's entries after number N instead"),
        ],
        details: """
            Stages stand along the rail: ✔ done, ◐ accepted and not yet proved, ▶ under way, ✖ refused or stuck,
            · ahead, – not taken. Money exposed is what has been asked for and is not yet proved, with the children and
            by the saga itself. If no daemon holds the store, it is read directly.
            """,
        examples: ["saga-runner show SG-TOWER-1", "saga-runner show SG-TOWER-1/fund/INV-0000007 --json"]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let id = invocation.operands[0]
        let door = try await Door.find(invocation)
        let after = try invocation.integer("--journal", in: 0...Int(Int32.max))
        let answer: Answer
        if let daemon = try await door.daemonIfRunning() {
            answer = try await daemon.get(
                after.map { APIPath("sagas", id, "journal").with("after", String($0)).with("limit", "500") }
                    ?? APIPath("sagas", id))
        } else if after != nil {
            throw CommandFailure(.failed, "no daemon holds \(door.settings.words); the journal is read through one")
        } else {
            answer = try await door.direct(invocation.console).show(id)
        }
        let console = invocation.console
        if invocation.wantsJSON {
            try await console.write(answer.document)
        } else if after != nil {
            try await console.write(JournalReport(entries: answer.rows, ink: console.ink).text)
        } else {
            try await console.write(
                ShowReport(saga: answer.data, ink: console.ink, moments: Moments(now: WallClock.now)).text)
        }
    }
}
