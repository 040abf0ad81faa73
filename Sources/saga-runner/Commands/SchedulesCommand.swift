internal import SagaEngine

/// `saga-runner schedules`: what is started when, and what was started last.
enum SchedulesCommand {
    static let command = Command.declared(
        "schedules", .look, "Lists the schedules: when each is due, what it started last", options: [.config],
        details: """
            They are those of the daemon's configuration. A saga that a schedule started is named by it and by the
            local time it was due at; show says how it stands.
            """,
        examples: ["saga-runner schedules"]
    ) { invocation in
        let answer = try await Door.find(invocation).daemon().get(APIPath("schedules"))
        let report = ScheduleReport(ink: invocation.console.ink, moments: Moments(now: WallClock.now))
        let lines = answer.rows.isEmpty ? ["the configuration has no schedules"] : answer.rows.flatMap(report.lines)
        try await invocation.console.write(
            invocation.wantsJSON ? answer.document : lines.map { $0 + "\n" }.joined())
    }
}
