internal import SagaEngine

extension EngineEvent {
    /// How much the event matters to a reader of the log; `nil` for what only metrics show.
    ///
    /// It is asked for every event, most of which nobody wants to read, so it builds nothing.
    var logLevel: LogLevel? {
        switch self {
        case .stage(_, _, _, _, let replayed): replayed ? nil : .debug
        case .called, .heldBack, .slept: .debug
        case .turned(_, let turn): turn.logLevel
        case .acted: .info
        case .stuck, .contradicted, .fenced, .startedOver, .reincarnated: .warning
        case .ended(let saga, _, _): saga.rawValue.utf8.contains(UInt8(ascii: "/")) ? .debug : .info
        case .committed: nil
        case .storeFailed, .unreadable: .error
        }
    }

    /// The event as a log line. Sentences for operators stay out: they may name accounts and amounts, which `show`
    /// prints to those who may see them.
    var logLine: LogLine? {
        guard let level = logLevel else { return nil }
        switch self {
        case .stage(let saga, let flow, let stage, let verb, _):
            return LogLine(
                "stage.begun", level, Self.place(saga, stage) + [text("flow", "\(flow)"), text("verb", verb.rawValue)])
        case .called(let saga, let stage, let party, let verb, let code, let latency, _):
            return LogLine(
                "counterparty.called", level,
                Self.place(saga, stage) + [
                    text("counterparty", party.rawValue), text("verb", verb.rawValue), text("code", code),
                    .init("milliseconds", .number(JSONNumber(latency.milliseconds))),
                ])
        case .heldBack(let saga, let stage, let party, let reason, let until):
            return LogLine(
                "counterparty.held_back", level,
                Self.place(saga, stage) + [
                    text("counterparty", party.rawValue), text("reason", reason), text("until", until.rfc3339),
                ])
        case .turned(let party, let turn): return turn.logLine(of: party)
        case .acted(let action, let saga, let outcome):
            return LogLine(
                "operator.acted", level,
                [text("action", action)] + (saga.map { [text("saga", $0.rawValue)] } ?? [])
                    + [text("outcome", outcome)])
        case .slept(let saga, let predicament):
            return LogLine(
                "saga.waits", level,
                Self.place(saga, predicament.stage) + [text("cause", predicament.cause.rawValue)]
                    + (predicament.until.map { [text("until", $0.rfc3339)] } ?? []))
        case .stuck(let saga, let predicament):
            return LogLine(
                "saga.stuck", level,
                Self.place(saga, predicament.stage) + [
                    text("cause", predicament.cause.rawValue),
                    .init("attempts", .number(JSONNumber(predicament.attempts))),
                ])
        case .contradicted(let saga, let stage, let source, let number):
            return LogLine(
                "notice.conflicting", level,
                Self.place(saga, stage) + [
                    text("source", source.rawValue), .init("number", .number(JSONNumber(number))),
                ])
        case .ended(let saga, let flow, let status):
            return LogLine(
                "saga.ended", level,
                [text("saga", saga.rawValue), text("flow", "\(flow)"), text("status", status.rawValue)])
        case .fenced(let saga): return LogLine("saga.fenced", level, [text("saga", saga.rawValue)])
        case .committed: return nil
        case .storeFailed(let error):
            return LogLine(
                "store.failed", level, [text("code", error.code.rawValue), text("detail", error.detail)])
        case .startedOver(let runner, let error):
            return LogLine(
                "runner.started_over", level,
                [text("runner", runner.rawValue), text("code", error.code.rawValue), text("detail", error.detail)])
        case .reincarnated(let life):
            return LogLine(
                "store.new_life", level,
                [.init("incarnation", .number(JSONNumber(life.number))), text("since", life.since.rfc3339)])
        case .unreadable(let saga, let why):
            return LogLine("saga.unreadable", level, [text("saga", saga.rawValue), text("why", why)])
        }
    }

    /// The saga, and the stage where it is about one of them.
    private static func place(_ saga: SagaID, _ stage: StageName) -> [JSONValue.Member] {
        [.init("saga", .string(saga.rawValue))] + (stage == .saga ? [] : [.init("stage", .string(stage.rawValue))])
    }

    private func text(_ name: String, _ value: String) -> JSONValue.Member { .init(name, .string(value)) }
}
