internal import Adapters
internal import SagaEngine

/// The way in for counterparties' callbacks: verified over their raw bytes, stored, and only then acknowledged.
struct NoticeIntake: Sendable {
    /// What became of a callback.
    enum Outcome: Sendable {
        /// It is stored, under this number; `isNew` tells whether it was not before.
        case stored(number: Int64, standing: NoticeStanding?, saga: SagaID?, isNew: Bool)
        /// Its signature proves nothing; `quarantined` tells whether it was put aside.
        case refused(WebhookVerdict, quarantined: Bool)
        /// As many that contradict what came before as are kept stand already, and nobody has decided about them.
        case full
        /// There is no such counterparty, or it sends no callbacks.
        case unknownSource
    }

    /// What the parts of the webhook's signature are in, all of them needed to verify it again.
    static let signedHeaders = ["webhook-id", "webhook-timestamp", "webhook-signature", "webhook-key-id"]
    private static let intake = Operator(name: "webhook", role: .operator)

    let config: RunnerConfig
    let store: any ServiceStore
    let operations: Operations
    let metrics: Metrics
    let logger: Logger
    let warnings: WarningDigest
    let refused: RefusedCallbacks

    /// How large a source's body may be; `nil` when there is no such source.
    func bodyLimit(of source: String) -> Int? { webhook(of: source)?.bodyLimit }

    /// The names of the counterparties that send callbacks.
    var sources: [String] { config.counterparties.filter { $0.webhook != nil }.map(\.name.rawValue).sorted() }

    /// Refuses a callback that no body can mend, by its head; `nil` when its body has to be seen.
    func refusal(from source: String, head: HTTPHeaders) -> Outcome? {
        guard let webhook = webhook(of: source) else { return .unknownSource }
        guard let verdict = webhook.verifier.verdict(ofHead: head) else { return nil }
        count(verdict, of: source)
        say(WebhookWarning(source: source, verdict: verdict))
        return .refused(verdict, quarantined: false)
    }

    /// Takes a callback as it came in.
    ///
    /// - Throws: ``StoreError`` when it could not be stored; it must not be acknowledged then.
    func take(from source: String, headers: HTTPHeaders, body: [UInt8]) async throws -> Outcome {
        guard let webhook = webhook(of: source) else { return .unknownSource }
        let now = store.clock.now().milliseconds / 1_000
        let verdict = webhook.verifier.verify(headers: headers, body: body, now: now)
        count(verdict, of: source)
        switch verdict {
        case .verified(let id, _):
            refused.clear(source)
            return try await keep(id, from: source, headers: headers, body: body)
        case .stale(let id, _):
            // The signature is right, so the id and the content are the counterparty's own.
            let notice = notice(id, from: source, headers: headers, body: body)
            return .refused(verdict, quarantined: try await quarantine(notice, as: .stale, source, verdict))
        case .unknownKey:
            // Nothing is proved, so nothing is read, and the id is one that no genuine notice can have.
            let lines = Self.lines(of: headers)
            let id = "unverified:" + SHA256Digest().hex(Array(lines.utf8) + body)
            let notice = Notice(
                source: CounterpartyName(rawValue: source), id: id, claim: Self.nothing("unverified"), body: body,
                headers: lines)
            return .refused(verdict, quarantined: try await quarantine(notice, as: .unknownKey, source, verdict))
        case .forged, .malformed:
            say(WebhookWarning(source: source, verdict: verdict))
            return .refused(verdict, quarantined: false)
        }
    }

    private func count(_ verdict: WebhookVerdict, of source: String) {
        metrics.count(
            "saga_runner_webhooks_total", "Callbacks by source and verdict.",
            ["source": source, "verdict": verdict.code])
    }

    /// Takes a signed original that was lost on the way; its age does not matter.
    func takeOriginal(from source: String, headers: HTTPHeaders, body: [UInt8]) async throws -> Outcome {
        guard let webhook = webhook(of: source) else { return .unknownSource }
        let now = store.clock.now().milliseconds / 1_000
        let verdict = webhook.verifier.verify(headers: headers, body: body, now: now)
        switch verdict {
        case .verified(let id, _), .stale(let id, _):
            return try await keep(id, from: source, headers: headers, body: body)
        case .unknownKey, .forged, .malformed: return .refused(verdict, quarantined: false)
        }
    }

    /// Looks at a quarantined callback again, with the keys there are now.
    func verifyAgain(_ stored: StoredNotice, by actor: Operator, reason: String) async throws -> Outcome {
        var headers = HTTPHeaders()
        for line in stored.notice.headers.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers.add(String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        let source = stored.notice.source.rawValue
        let outcome = try await takeOriginal(from: source, headers: headers, body: stored.notice.body)
        guard case .stored(let number, _, _, _) = outcome, number != stored.number else { return outcome }
        // What was kept unread now stands under its own id; the old entry leaves the quarantine.
        _ = try await operations.bind(
            notice: stored.number, to: nil, by: actor, reason: "\(reason) (kept as \(number))")
        return outcome
    }

    private func webhook(of source: String) -> RunnerConfig.Webhook? {
        config.counterparties.first { $0.name.rawValue == source }?.webhook
    }

    private func keep(_ id: String, from source: String, headers: HTTPHeaders, body: [UInt8]) async throws -> Outcome {
        let notice = notice(id, from: source, headers: headers, body: body)
        switch try await operations.accept(notice) {
        case .noticed(let number, let standing, let saga):
            logger.log(
                "notice.stored", .debug,
                ["source": source, "number": "\(number)", "standing": standing.rawValue, "saga": saga?.rawValue ?? ""])
            if standing == .conflicting { warn(of: number, from: notice.source, about: saga) }
            return .stored(number: number, standing: standing, saga: saga, isNew: true)
        case .duplicate(let number): return try await release(number)
        case .full:
            warnFull(source)
            return .full
        case .submitted, .exists, .appended, .fenced, .stale, .busy, .violated, .claimed, .leased, .done, .missing:
            throw StoreError(.misuse, "a store answers a notice with a notice")
        }
    }

    /// The counterparty contradicts itself: what was proved stays, and people have to hear of it.
    private func warn(of number: Int64, from source: CounterpartyName, about saga: SagaID?) {
        EngineObserver.countConflict(from: source, in: metrics)
        logger.log(
            "notice.conflicting", .warning,
            ["source": source.rawValue, "number": "\(number)", "saga": saga?.rawValue ?? ""])
    }

    /// One more that contradicts what came before is not kept, and not acknowledged; one line for many.
    private func warnFull(_ source: String) {
        metrics.count(
            "saga_runner_notices_full_total", "Conflicting notices that there was no room for, by source.",
            ["source": source])
        guard let count = warnings.count("\(source) full") else { return }
        logger.log(
            LogLine(
                "notice.full", .warning,
                [
                    .init("source", .string(source)), .init("count", .number(JSONNumber(count))),
                    .init(
                        "remedy",
                        .string(
                            "the \(source) sends other bodies under known ids: ask it why, and decide about what is kept "
                                + "(notices list --standing conflicting, then notices bind)")),
                ]))
    }

    /// A repetition with a good signature of what lies in the quarantine takes it out of there.
    private func release(_ number: Int64) async throws -> Outcome {
        let known = try await store.notices(NoticeQuery(number: number, withBodies: false, limit: 1)).first
        guard known?.standing == .quarantined else {
            return .stored(number: number, standing: known?.standing, saga: nil, isNew: false)
        }
        let standing = try await operations.bind(
            notice: number, to: nil, by: Self.intake, reason: "came again with a good signature and time")
        return .stored(number: number, standing: standing, saga: nil, isNew: false)
    }

    private func quarantine(
        _ notice: Notice, as kind: NewNotice.Quarantine, _ source: String, _ verdict: WebhookVerdict
    ) async throws -> Bool {
        var isKept = false
        switch try await operations.accept(notice, quarantine: kind) {
        case .noticed, .duplicate: isKept = true
        case .full: isKept = false
        case .submitted, .exists, .appended, .fenced, .stale, .busy, .violated, .claimed, .leased, .done, .missing:
            throw StoreError(.misuse, "a store answers a notice with a notice")
        }
        say(WebhookWarning(source: source, verdict: verdict, isKept: isKept))
        return isKept
    }

    /// One line for many: whoever can reach the port can cause as many as they like.
    private func say(_ warning: WebhookWarning) {
        refused.note(warning, at: store.clock.now())
        if let count = warnings.count(warning.key) { logger.log(warning.line(count: count)) }
    }

    /// The notice of verified bytes. One that does not speak the dialect is kept too, for a person to read.
    private func notice(_ id: String, from source: String, headers: HTTPHeaders, body: [UInt8]) -> Notice {
        let name = CounterpartyName(rawValue: source)
        let lines = Self.lines(of: headers)
        do {
            return try SandboxNotices(source: name).notice(id: id, body: body, headers: lines)
        } catch {
            if let count = warnings.count("\(source) unreadable") {
                logger.log(
                    "notice.unreadable", .error,
                    ["source": source, "code": error.code.rawValue, "count": "\(count)"])
            }
            return Notice(source: name, id: id, claim: Self.nothing("unreadable"), body: body, headers: lines)
        }
    }

    private static func nothing(_ word: String) -> Notice.Claim {
        Notice.Claim(reference: "", verdict: .progress(word), facts: [:])
    }

    private static func lines(of headers: HTTPHeaders) -> String {
        signedHeaders.flatMap { name in headers.all(name).map { "\(name): \($0)" } }.joined(separator: "\n")
    }
}
