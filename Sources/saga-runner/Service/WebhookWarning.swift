internal import Adapters
internal import SagaEngine

/// A callback that was not believed, as a warning that names what to look at.
struct WebhookWarning: Sendable, Equatable {
    let source: String
    let verdict: WebhookVerdict
    /// Whether it was put aside; `nil` where that is not done.
    var isKept: Bool?

    /// What makes two of them the same warning: noise of one kind must not hide another.
    var key: String { "\(source) \(verdict.code)" }

    /// What an operator should look at, by its key in the configuration.
    var remedy: String {
        let section = "counterparties.\(source).webhook"
        switch verdict {
        case .forged(.signatureMismatch):
            return "no secret of \(section).secrets made its signature: "
                + "compare them with the one that the \(source) signs with"
        case .forged(.noSupportedVersion):
            return "it is not signed by Standard Webhooks v1: have the \(source) sign so; "
                + "\(section).secrets is not at fault"
        case .malformed:
            return "it lacks the headers of Standard Webhooks: see who calls /webhooks/\(source), "
                + "and how the \(source) is set up to sign"
        case .unknownKey:
            return "it names a key that no entry of \(section).secrets has as its key_id: "
                + "add that secret, restart, and have what was kept verified again (POST /api/v1/notices/N/verify)"
        case .stale: return "its time is further from ours than \(section).tolerance: compare the two clocks"
        case .verified: return ""
        }
    }

    /// The line, for so many of them.
    func line(count: Int) -> LogLine {
        var fields: [JSONValue.Member] = [
            .init("source", .string(source)), .init("code", .string(verdict.code)),
            .init("count", .number(JSONNumber(count))),
        ]
        if let isKept { fields.append(.init("kept", .string(isKept ? "yes" : "full"))) }
        fields.append(.init("remedy", .string(remedy)))
        return LogLine(isKept == nil ? "webhook.refused" : "webhook.quarantined", .warning, fields)
    }
}
