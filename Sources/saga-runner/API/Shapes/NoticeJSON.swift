internal import Adapters
internal import SagaEngine

/// Notices and operators' prints as the API and the commands show them.
enum NoticeJSON {
    /// A stored notice with its body: as text when it is one, and else in base64.
    static func detail(_ stored: StoredNotice) -> JSONValue {
        let body = stored.notice.body
        let text = String(validating: body, as: UTF8.self)
        return notice(stored).adding(
            ("body_sha256", .string(SHA256Digest().hex(body))), ("body", text.map { .string($0) }),
            ("body_base64", text == nil ? .string(Base64.encode(body)) : nil))
    }

    /// A stored notice without its body.
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
            ("id", .string(stored.notice.id)), ("saga", stored.saga.map { .string($0.rawValue) }),
            ("reference", .string(claim.reference)), ("verdict", .string(verdict)),
            ("refusal", refusal), ("progress", progress), ("operation", claim.operation.map { .string($0) }),
            ("receipt", claim.receiptID.map { .string($0) }), ("facts", SagaJSON.facts(claim.facts)),
            ("standing", .string(stored.standing.rawValue)), ("received_at", .time(stored.receivedAt)))
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
