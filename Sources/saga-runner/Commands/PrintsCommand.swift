internal import SagaEngine

/// `saga-runner prints`: what persons did to a saga and its children, or at all.
enum PrintsCommand {
    static let command = Command.declared(
        "prints", .look, "Lists what persons did, or were refused, newest first", operands: ["[ID]"],
        options: [
            .value("--limit", "N", "how many, at most 500 (50)"), .value("--offset", "N", "how many to skip (0)"),
            .config,
        ],
        details: """
            With ID what was done to that saga and its children, without it everything: also the switches of the
            counterparties and the callbacks that were brought in. A print is kept in the audit chain. If no daemon holds
            the store, it is read directly.
            """,
        examples: ["saga-runner prints SG-TOWER-1", "saga-runner prints --limit 500 --json"]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let limit = try invocation.integer("--limit", in: 1...SagaQuery.maximumLimit) ?? APIPage.standard
        let offset = try invocation.integer("--offset", in: 0...Int(Int32.max)) ?? 0
        let saga = invocation.operands.first
        let door = try await Door.find(invocation)
        let answer: Answer
        if let daemon = try await door.daemonIfRunning() {
            answer = try await daemon.get(
                APIPath("prints").with("saga", saga).with("limit", String(limit)).with("offset", String(offset)))
        } else {
            answer = try await door.direct(invocation.console).prints(
                under: saga, offset: offset, limit: limit)
        }
        let console = invocation.console
        guard !invocation.wantsJSON else { return try await console.write(answer.document) }
        let moments = Moments(now: WallClock.now)
        var lines = PrintLines(prints: answer.rows, saga: saga, ink: console.ink, moments: moments).lines
        if lines.isEmpty { lines = [offset > 0 ? "nobody did anything before that" : "nobody did anything yet"] }
        if answer.rows.count == limit { lines.append("and perhaps more: --offset \(offset + limit)") }
        try await console.write(lines.map { $0 + "\n" }.joined())
    }
}
