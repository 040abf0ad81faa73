internal import SagaEngine

/// Which of the actions that a saga's state allows would do something, and so are offered.
enum ActionOffer {
    /// The actions for a saga, by their names.
    static func of(_ snapshot: SagaSnapshot) -> [String] { of(snapshot.actions, at: snapshot.predicament?.cause) }

    /// The same by what the saga waits for or is stuck on.
    static func of(_ allowed: [String], at cause: Predicament.Cause?) -> [String] {
        guard let cause, !hastens(cause) else { return allowed }
        return allowed.filter { $0 != OperatorAction.retry.name }
    }

    /// Whether there is an attempt that `retry` would make at once.
    static func hastens(_ cause: Predicament.Cause) -> Bool {
        switch cause {
        case .awaitingNotice, .awaitingRetry, .heldBack, .mismatch, .exhausted, .overdue: true
        case .awaitingMoment, .awaitingChildren, .refused, .halted, .violation, .divergence, .illegal, .failed,
            .impossible:
            false
        }
    }
}
