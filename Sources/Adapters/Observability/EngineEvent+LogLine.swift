internal import SagaEngine

extension EngineEvent {
    /// The event as a log line; `nil` for what only metrics show. Sentences for operators stay out: they may name
    /// accounts and amounts, which `show` prints to those who may see them.
    var logLine: LogLine? {
        switch self {
        case .stage(let saga, let flow, let stage, let verb, let replayed):
            guard !replayed else { return nil }
            return LogLine(
                "stage.begun", .debug, Self.place(saga, stage) + [text("flow", "\(flow)"), text("verb", verb.rawValue)])
        case .called(let saga, let stage, let party, let verb, let code, let latency):
            return LogLine(
                "counterparty.called", .debug,
                Self.place(saga, stage) + [
                    text("counterparty", party.rawValue), text("verb", verb.rawValue), text("code", code),
                    .init("milliseconds", .number(JSONNumber(latency.milliseconds))),
                ])
        case .heldBack(let saga, let stage, let party, let reason, let until):
            return LogLine(
                "counterparty.held_back", .debug,
                Self.place(saga, stage) + [
                    text("counterparty", party.rawValue), text("reason", reason), text("until", until.rfc3339),
                ])
        case .slept(let saga, let predicament):
            return LogLine(
                "saga.waits", .debug,
                Self.place(saga, predicament.stage) + [text("cause", predicament.cause.rawValue)]
                    + (predicament.until.map { [text("until", $0.rfc3339)] } ?? []))
        case .stuck(let saga, let predicament):
            return LogLine(
                "saga.stuck", .warning,
                Self.place(saga, predicament.stage) + [
                    text("cause", predicament.cause.rawValue),
                    .init("attempts", .number(JSONNumber(predicament.attempts))),
                ])
        case .ended(let saga, let flow, let status):
            let isRoot = !saga.rawValue.utf8.contains(UInt8(ascii: "/"))
            return LogLine(
                "saga.ended", isRoot ? .info : .debug,
                [text("saga", saga.rawValue), text("flow", "\(flow)"), text("status", status.rawValue)])
        case .fenced(let saga): return LogLine("saga.fenced", .warning, [text("saga", saga.rawValue)])
        case .committed: return nil
        case .storeFailed(let error):
            return LogLine(
                "store.failed", .error, [text("code", error.code.rawValue), text("detail", error.detail)])
        case .unreadable(let saga, let why):
            return LogLine("saga.unreadable", .error, [text("saga", saga.rawValue), text("why", why)])
        }
    }

    private static func place(_ saga: SagaID, _ stage: StageName) -> [JSONValue.Member] {
        [.init("saga", .string(saga.rawValue)), .init("stage", .string(stage.rawValue))]
    }

    private func text(_ name: String, _ value: String) -> JSONValue.Member { .init(name, .string(value)) }
}
