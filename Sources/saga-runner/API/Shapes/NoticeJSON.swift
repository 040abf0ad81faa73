internal import Adapters
internal import SagaEngine

/// Notices and operators' prints as the API and the commands show them.
enum NoticeJSON {
    /// A stored notice.
    static func notice(_ stored: StoredNotice) -> JSONValue {
        let claim = stored.notice.claim
        let verdict: String
        var refusal: JSONValue?
        var progress: JSONValue?
        switch claim.verdict {
        case .settled: verdict = "settled"
        case .refused(let reason):
            verdict = "refused"
            refusal = .fields(("code", .string(reason.code)), ("message", .string(reason.message)))
        case .progress(let word):
            verdict = "progress"
            progress = .string(word)
        }
        return .fields(
            ("number", .count(stored.number)), ("source", .string(stored.notice.source.rawValue)),
            ("id", .string(stored.notice.id)), ("reference", .string(claim.reference)), ("verdict", .string(verdict)),
            ("refusal", refusal), ("progress", progress), ("facts", SagaJSON.facts(claim.facts)),
            ("standing", .string(stored.standing.rawValue)), ("received_at", .time(stored.receivedAt)),
            ("body_sha256", .string(SHA256Digest().hex(stored.notice.body))))
    }

    /// An operator's print.
    static func print(_ stored: StoredPrint) -> JSONValue {
        let print = stored.print
        return .fields(
            ("number", .count(stored.number)), ("at", .time(stored.at)), ("actor", .string(print.actor)),
            ("role", .string(print.role)), ("action", .string(print.action)),
            ("saga", print.saga.map { .string($0.rawValue) }), ("reason", .string(print.reason)),
            ("version", print.version.map { .count($0) }), ("outcome", .string(print.outcome)),
            ("detail", .string(print.detail)))
    }
}
