public import SagaEngine

/// Turns what the engine says about itself into metrics, log lines, and a word on whether the store can be written.
public final class EngineObserver: EventSink {
    private let metrics: Metrics
    private let logger: Logger
    private let trouble = Locked<StoreError?>(nil)
    private let onCommit: @Sendable () -> Void

    /// Observes an engine.
    ///
    /// - Parameters:
    ///   - metrics: where events are counted.
    ///   - logger: where they are written.
    ///   - onCommit: called after each commit; must not block.
    public init(metrics: Metrics, logger: Logger, onCommit: @escaping @Sendable () -> Void = {}) {
        self.metrics = metrics
        self.logger = logger
        self.onCommit = onCommit
    }

    /// Why the last commit failed; `nil` once one has gone through.
    public var storeTrouble: StoreError? { trouble.withLock { $0 } }

    /// Takes one event.
    public func record(_ event: EngineEvent) {
        switch event {
        case .committed(let operations, let latency, let wrote): committed(operations, latency, wrote: wrote)
        case .storeFailed(let error): failed(error)
        case .stage(_, let flow, let stage, let verb, let replayed):
            guard !replayed else { return }
            metrics.count(
                "saga_runner_stages_total", "Stages taken up for the first time.",
                ["flow": flow.name, "stage": stage.rawValue, "verb": verb.rawValue])
        case .called(_, _, let party, let verb, let code, let latency, let shared):
            if !shared { called(party, verb, code, latency) }
        case .heldBack(_, _, let party, _, _):
            metrics.count(
                "saga_runner_held_back_total", "Calls held back by our own limits.", ["counterparty": party.rawValue])
        case .turned(let party, let turn):
            metrics.count(
                "saga_runner_gate_turns_total", "Times a counterparty's breaker or switch turned, by how.",
                ["counterparty": party.rawValue, "turn": turn.kind.rawValue])
        case .acted(let action, _, let outcome):
            metrics.count(
                "saga_runner_actions_total", "What operators did or were refused, by how it ended.",
                ["action": action, "outcome": outcome])
        case .slept(_, let predicament):
            metrics.count(
                "saga_runner_waits_total", "Sagas put to sleep, by what they wait for.",
                ["cause": predicament.cause.rawValue])
        case .stuck(_, let predicament):
            metrics.count(
                "saga_runner_stuck_total", "Times a saga became stuck, by cause.",
                ["cause": predicament.cause.rawValue])
        case .contradicted(_, _, let source, _): Self.countConflict(from: source, in: metrics)
        case .ended(_, let flow, let status):
            metrics.count(
                "saga_runner_ended_total", "Sagas that ended, by flow and status.",
                ["flow": flow.name, "status": status.rawValue])
        case .fenced: metrics.count("saga_runner_fenced_total", "Sagas lost to another runner.")
        case .startedOver(_, let error):
            metrics.count(
                "saga_runner_started_over_total", "Times the runner gave back all it held, by why.",
                ["code": error.code.rawValue])
        case .reincarnated:
            metrics.count("saga_runner_new_lives_total", "New lives of the data that the runner met.")
        case .unreadable: metrics.count("saga_runner_unreadable_total", "Sagas whose journal could not be read.")
        }
        if let level = event.logLevel, logger.writes(level), let line = event.logLine { logger.log(line) }
    }

    /// Counts a notice that contradicts one before it.
    public static func countConflict(from source: CounterpartyName, in metrics: Metrics) {
        metrics.count(
            "saga_runner_notice_conflicts_total", "Notices that contradict one before them, by source.",
            ["source": source.rawValue])
    }

    private func committed(_ operations: Int, _ latency: Span, wrote: Bool) {
        metrics.observe(
            "saga_runner_commit_seconds", "How long a commit took.", Double(latency.milliseconds) / 1_000)
        metrics.observe(
            "saga_runner_commit_operations", "How many operations a commit held.", Double(operations),
            bounds: Metrics.sizes)
        // A claim that finds nothing goes through on a full disk, too, and proves nothing.
        let wasInTrouble = trouble.withLock { trouble in
            guard wrote else { return false }
            defer { trouble = nil }
            return trouble != nil
        }
        if wasInTrouble { logger.log("store.recovered", .info) }
        onCommit()
    }

    private func failed(_ error: StoreError) {
        metrics.count(
            "saga_runner_store_failures_total", "Commits that failed, by code.", ["code": error.code.rawValue])
        trouble.withLock { $0 = error }
    }

    private func called(_ party: CounterpartyName, _ verb: SagaEngine.CallVerb, _ code: String, _ latency: Span) {
        metrics.count(
            "saga_runner_calls_total", "Calls to counterparties, by how they ended.",
            ["counterparty": party.rawValue, "verb": verb.rawValue, "code": code])
        metrics.observe(
            "saga_runner_call_seconds", "How long calls to counterparties took.", Double(latency.milliseconds) / 1_000,
            ["counterparty": party.rawValue, "verb": verb.rawValue])
    }
}
