internal import Adapters
internal import SagaEngine

/// `saga-runner list`: finds sagas.
enum ListCommand {
    static let command = Command.declared(
        "list", .look, "Finds sagas",
        options: [
            .value("--status", "STATUS", "only sagas of this status", of: SagaStatus.allCases.map(\.rawValue)),
            .value("--flow", "FLOW", "only sagas of this flow"),
            .value("--where", "TERMS", WhereWords.summary),
            .value("--limit", "N", "how many, at most 500 (50)"), .value("--offset", "N", "how many to skip (0)"),
            .config,
        ],
        details: WhereWords.details
            + """

            EXPOSED is what a saga itself has at stake; (+N children) stands where N children at work may have more,
            which show adds up. Without any term only sagas that nobody's stage has started are listed. If no daemon holds the store, it is
            read directly.
            """,
        examples: [
            "saga-runner list --status stuck",
            "saga-runner list --where \"under=SG-TOWER-1 and cause=mismatch\" --limit 500",
        ]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let limit = try invocation.integer("--limit", in: 1...SagaQuery.maximumLimit)
        let offset = try invocation.integer("--offset", in: 0...Int(Int32.max))
        let door = try await Door.find(invocation)
        let answer: Answer
        if let daemon = try await door.daemonIfRunning() {
            answer = try await daemon.get(
                APIPath("sagas").with("status", invocation["--status"]).with("flow", invocation["--flow"])
                    .with("roots", invocation["--status"] == nil ? nil : "false")
                    .with("where", invocation["--where"]).with("limit", limit.map(String.init))
                    .with("offset", offset.map(String.init)))
        } else {
            answer = try await door.direct(invocation.console).list(
                status: invocation["--status"], flow: invocation["--flow"], terms: invocation["--where"],
                offset: offset ?? 0, limit: limit ?? 50)
        }
        let report = ListReport(
            answer: answer, offset: offset ?? 0, isByStatus: invocation.has("--status"), ink: invocation.console.ink,
            moments: Moments(now: WallClock.now))
        try await invocation.console.write(invocation.wantsJSON ? answer.document : report.text)
    }
}
