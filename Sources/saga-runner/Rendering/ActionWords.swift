internal import SagaEngine

/// What an operator's action has set going, for whoever has just typed it.
enum ActionWords {
    /// What happens now; the action itself is written down and the rest is the runner's.
    ///
    /// - Parameters:
    ///   - action: the action's name.
    ///   - cause: what the saga waited for or was stuck on before, where that is known.
    /// - Returns: what happens now, in one clause.
    static func sentence(_ action: String, at cause: Predicament.Cause? = nil) -> String {
        switch action {
        case "retry" where cause.map { !ActionOffer.hastens($0) } ?? false:
            "it goes on where it stopped, as by resume: there was no waiting attempt"
        case "retry": "the waiting attempt is made now: the counterparty is asked first, and the key stays the same"
        case "resume": "it goes on where it stopped; the counterparty is asked before anything is sent again"
        case "resolve":
            "the counterparty is asked once more, and its word outweighs the evidence; then the stage stands as resolved"
        case "exclude": "the line is taken out as soon as nothing of it can still take effect; the others go on"
        case "discard":
            "it ends before its point of no return and nothing moves; after a restore the counterparties are asked first"
        case "cancel":
            "once all that goes back is found there, and nothing to have gone forward, everyone is refunded, each line by itself"
        default: "it is written down"
        }
    }

    /// Where to look for what came of it.
    static func next(_ saga: String) -> String { "see what comes of it: saga-runner show \(saga.shellQuoted)" }
}
