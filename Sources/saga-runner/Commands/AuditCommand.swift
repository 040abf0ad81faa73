internal import Adapters
internal import SagaEngine

/// `saga-runner audit verify`: recomputes the audit chain.
enum AuditCommand {
    private static let pageSize = 500

    static let command = Command.declared(
        "audit verify", .care, "Recomputes the audit chain and names the first bad link",
        options: [
            .value("--export", "FILE", "writes the chain's seals there, one JSON document a line"),
            .value("--archive", "FILE", "verifies this archive of the chain instead of the store"), .config,
        ],
        details: """
            Every journal entry, operator's print and seal is recomputed, and compared with the anchor where there is
            one. Ends with 0 when all links hold, with 1 when one does not, and with 4 when all hold but the database
            is older than its anchor, as a copy that was put back is, or the anchor is gone, so that nothing tells
            whether it is the newest. If no daemon holds the store, it is read directly. An archive is verified by
            itself, without a store.
            """,
        examples: [
            "saga-runner audit verify", "saga-runner audit verify --export seals.ndjson",
            "saga-runner audit verify --archive 2026.ndjson",
        ]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        if let path = invocation["--archive"] { return try await verify(archive: path, invocation) }
        let door = try await Door.find(invocation)
        let answer: Answer
        if let daemon = try await door.daemonIfRunning() {
            answer = try await daemon.post(
                APIPath("audit", "verify"), .object([]), timeout: DaemonClient.longTimeout)
            if let path = invocation["--export"] {
                try await export(to: path) { after in
                    try await daemon.get(
                        APIPath("audit", "export").with("after", String(after)).with("limit", String(pageSize))
                    ).rows
                }
            }
        } else {
            let store = try door.direct(invocation.console)
            answer = try await store.verifyAudit()
            if let path = invocation["--export"] {
                try await export(to: path) { try await store.seals(after: $0, limit: pageSize) }
            }
        }
        try await invocation.console.write(
            invocation.wantsJSON ? answer.document : text(answer.data, invocation.console.ink))
        if let anchor = answer.data["anchor"], !anchor.isNull {
            await invocation.console.say("warning: \(anchor.text("message")); see docs/operating/restoring.md")
            throw CommandStatus.refused
        }
        guard answer.data["ok"]?.boolValue != true else { return }
        throw isOnlyOlder(answer.data) ? CommandStatus.refused : CommandStatus.failed
    }

    private static func verify(archive path: String, _ invocation: Invocation) async throws {
        guard invocation["--export"] == nil else { throw UsageError("--archive and --export do not go together") }
        let report = try AuditArchive.verify(path: path, digest: SHA256Digest())
        let answer = Answer(data: AuditRoutes.report(report, anchor: .unanchored))
        try await invocation.console.write(
            invocation.wantsJSON ? answer.document : text(answer.data, invocation.console.ink))
        guard report.fault == nil else { throw CommandStatus.failed }
    }

    /// Whether all links hold, and there are only fewer than there were.
    private static func isOnlyOlder(_ data: JSONValue) -> Bool {
        data["fault"]?.text("code") == AuditFault.Code.olderThanAnchor.rawValue
    }

    private static func text(_ data: JSONValue, _ ink: Ink) -> String {
        let counts =
            AuditWords.counts(
                entries: data.integer("entries"), prints: data.integer("prints"), seals: data.integer("seals"))
            + ", \(AuditWords.count(data.integer("sagas"), "saga"))"
        guard let fault = data["fault"], !fault.isNull else { return "\(ink.green("the chain holds")): \(counts)\n" }
        if isOnlyOlder(data) {
            let end = data["head"]?.integer("seal") ?? 0
            return "the chain holds up to its end, seal \(end): \(counts)\n"
                + ink.red("the database is older than its anchor")
                + ", which remembers seal \(fault.integer("number")): "
                + "a copy was put back, or the end was cut off; see docs/operating/restoring.md\n"
        }
        return "\(ink.red("the chain is broken")): \(fault.text("message"))\n"
            + "it holds up to there: \(counts)\n\(AuditWords.remedy)\n"
    }

    private static func export(to path: String, page: (Int64) async throws -> [JSONValue]) async throws {
        let file = try NewFile(path: path)
        var last: Int64 = 0
        while true {
            let seals = try await page(last)
            guard let end = seals.last?.integer("seal") else { break }
            try await file.output.write(seals.map { $0.text() + "\n" }.joined())
            guard end > last else { throw CommandFailure(.failed, "the seals do not go on after \(last)") }
            last = end
        }
    }
}
