internal import SagaEngine

/// The configuration of one of the demo's daemons, with waits short enough to watch.
struct DemoConfiguration {
    /// How long after a send the sandbox may still apply it; the daemon waits a little longer before it trusts a 404.
    static let sandboxQuiet = 1_500
    private static let quiet = "1600ms"

    let sandbox: String
    let store: DemoStore
    /// Which of the daemons it is for, from 1.
    let runner: Int

    var text: String {
        JSONValue.object([
            .init("store", store.section(runner: runner)),
            .init("api", ["host": "127.0.0.1", "port": 0, "token_file": "tokens"]),
            .init("runner", settings), .init("single_handed", true),
            .init("client", ["token": ["file": "token"]]), .init("log", ["level": "warning", "format": "json"]),
            .init("outbox", ["file": .string(runner == 1 ? "outbox.ndjson" : "outbox-\(runner).ndjson")]),
            .init("retry_policies", ["brisk": ["initial": "50ms", "cap": "1s", "attempts": 40]]),
            .init("notice_policies", ["brisk": ["patience": "2s", "initial": "500ms", "cap": "2s"]]),
            .init("policies", ["steps": "brisk"]),
            .init(
                "counterparties",
                .object([
                    .init("custodian", counterparty(hasNotices: true)),
                    .init("blockchain", counterparty(hasNotices: false)), .init("bank", counterparty(hasNotices: true)),
                ])),
        ]).text(.pretty) + "\n"
    }

    /// Among several, what one held is taken over soon after it is gone.
    private var settings: JSONValue {
        guard case .postgres = store else { return ["in_flight": 256] }
        return .fields(
            ("in_flight", 256), ("name", .string("runner-\(runner)")), ("lease", "3s"), ("lease_margin", "1s"))
    }

    private func counterparty(hasNotices: Bool) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("base_url", .string(sandbox)), .init("retry_policy", "brisk"), .init("notice_policy", "brisk"),
            .init("terms", ["quiet_time": .string(Self.quiet), "settlement": "notice_or_find"]),
            .init("timeouts", ["connect": "1s", "first_byte": "2s", "total": "3s"]),
            .init(
                "limits",
                [
                    "concurrency": 64, "lane": 64, "rate": 100_000, "burst": 10_000, "breaker_failures": 50,
                    "breaker_pause": "500ms",
                ]),
        ]
        if hasNotices { members.append(.init("webhook", ["secrets": [["file": "webhook-secret"]]])) }
        return .object(members)
    }
}
