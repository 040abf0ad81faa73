/// What a saga waits for, or why it is stuck, for people: a row keeps it, `show` prints it. The journal alone decides.
public struct Predicament: Sendable, Equatable, Codable {
    /// What kind of wait or trouble.
    public let cause: Cause
    /// The stage it is about.
    public let stage: StageName
    /// One sentence for the operator, with the place and the remedy.
    public let message: String
    /// Until when at the latest, or when it is tried again.
    public let until: Timestamp?
    /// Since when.
    public let since: Timestamp
    /// How often the stage has been tried in vain.
    public let attempts: Int
    /// The facts that do not agree, if that is the trouble.
    public let mismatches: [FactMismatch]
    /// The notice that the trouble is about, if it is about one.
    public let notice: Int64?
    /// What would end the wait, when the stage waits for a counterparty's word.
    ///
    /// `nil` when it waits for something else, and in rows written before it was kept.
    public let awaits: Proof?

    /// What ends a wait for a counterparty's word.
    public enum Proof: String, Sendable, Codable, CaseIterable {
        /// Its verified notice alone: no question and no person approves.
        case approval
        /// Its notice, its answer when asked where policy says so, or persons with evidence.
        case settlement
    }

    /// Kinds of waits and troubles; the raw values are durable and fit for metrics.
    public enum Cause: String, Sendable, Codable, CaseIterable {
        // Waits.
        /// The counterparty's notice is still to come.
        case awaitingNotice
        /// A moment is still to come.
        case awaitingMoment
        /// Children are still at work.
        case awaitingChildren
        /// A call failed and will be tried again.
        case awaitingRetry
        /// A limit, breaker or switch of ours holds the call back.
        case heldBack
        // Troubles.
        /// The counterparty has refused and the flow has no answer to that.
        case refused
        /// A notice or answer contradicts what was asked for.
        case mismatch
        /// All attempts the policy allows are used up.
        case exhausted
        /// What was waited for did not come in time; it would still be taken.
        case overdue
        /// The flow says that it must not go on.
        case halted
        /// The books would not balance.
        case violation
        /// The flow did something else than its journal says.
        case divergence
        /// The flow breaks a rule of the engine.
        case illegal
        /// The flow failed in a way nobody foresaw.
        case failed
        /// An operator's action cannot be carried out.
        case impossible
    }

    /// Describes a wait or a trouble.
    public init(
        cause: Cause, stage: StageName, message: String, since: Timestamp, until: Timestamp? = nil, attempts: Int = 0,
        mismatches: [FactMismatch] = [], notice: Int64? = nil, awaits: Proof? = nil
    ) {
        self.cause = cause
        self.stage = stage
        self.message = message
        self.until = until
        self.since = since
        self.attempts = attempts
        self.mismatches = mismatches
        self.notice = notice
        self.awaits = awaits
    }

    /// The same, for one that was written down before it was kept what ends the wait.
    func awaiting(_ proof: Proof?) -> Predicament {
        Predicament(
            cause: cause, stage: stage, message: message, since: since, until: until, attempts: attempts,
            mismatches: mismatches, notice: notice, awaits: proof ?? awaits)
    }

    /// Whether a person is needed.
    public var isTrouble: Bool {
        switch cause {
        case .awaitingNotice, .awaitingMoment, .awaitingChildren, .awaitingRetry, .heldBack: false
        case .refused, .mismatch, .exhausted, .overdue, .halted, .violation, .divergence, .illegal, .failed,
            .impossible:
            true
        }
    }

    /// Whether a notice wakes the saga: it goes on by itself when the one it waited for comes after all, and looks
    /// whether one contradicts the refusal that it is stuck on.
    var staysArmed: Bool {
        switch cause {
        case .overdue, .exhausted, .awaitingNotice, .refused: true
        case .awaitingMoment, .awaitingChildren, .awaitingRetry, .heldBack, .mismatch, .halted, .violation,
            .divergence, .illegal, .failed, .impossible:
            false
        }
    }
}
