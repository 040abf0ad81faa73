internal import SagaEngine

/// Statuses, stages and causes as people read them.
struct StatusWords: Sendable {
    let ink: Ink

    /// A status in its colour.
    func status(_ text: String, width: Int = 0) -> String {
        let word = text.padded(to: width)
        guard let status = SagaStatus(rawValue: text) else { return word }
        return switch status {
        case .stuck: ink.red(ink.bold(word))
        case .waiting, .compensating: ink.yellow(word)
        case .completed: ink.green(word)
        case .running, .pending: ink.cyan(word)
        case .cancelled, .closed: ink.dim(word)
        }
    }

    /// How a saga that shows as cancelled was: one that was discarded has put nothing back and so has nothing to show.
    static func ending(_ saga: JSONValue) -> String? {
        guard saga.text("status") == SagaStatus.cancelled.rawValue else { return nil }
        return saga["output"]?.isNull ?? true ? "discarded" : "called off"
    }

    /// The mark of a stage on the rail.
    func mark(_ progress: String, isHere: Bool, isStuck: Bool) -> String {
        guard let progress = StageSnapshot.Progress(rawValue: progress) else { return "?" }
        if isHere && isStuck { return ink.red("✖") }
        return switch progress {
        case .ahead: isHere ? ink.yellow("▶") : ink.dim("·")
        case .notTaken: ink.dim("–")
        case .begun: ink.yellow("▶")
        case .accepted: ink.yellow("◐")
        case .done: ink.green("✔")
        case .refused: ink.red("✖")
        }
    }

    /// What a cause means, in a few words.
    static func cause(_ text: String) -> String {
        guard let cause = Predicament.Cause(rawValue: text) else { return text }
        return switch cause {
        case .awaitingNotice: "waits for the counterparty's notice"
        case .awaitingMoment: "waits for a moment"
        case .awaitingChildren: "waits for its children"
        case .awaitingRetry: "waits for the next attempt"
        case .heldBack: "held back by a limit, breaker or switch of ours"
        case .refused: "the counterparty has refused"
        case .mismatch: "what came is not what was asked for"
        case .exhausted: "all attempts are used up"
        case .overdue: "what was waited for did not come in time"
        case .halted: "the flow must not go on"
        case .violation: "the books would not balance"
        case .divergence: "the flow did something else than its journal says"
        case .illegal: "the flow breaks a rule"
        case .failed: "the flow failed"
        case .impossible: "an operator's action cannot be carried out"
        }
    }

    /// Amounts per asset on one line: `2520.00 SGD, 5 DABS`; `nothing` when there are none.
    static func exposures(_ list: [JSONValue]) -> String {
        list.isEmpty ? "nothing" : list.map { "\($0.text("amount")) \($0.text("asset"))" }.joined(separator: ", ")
    }
}
