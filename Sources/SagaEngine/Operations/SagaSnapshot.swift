/// A saga as people look at it: its stages along the rail, what it waits for, what is at stake, what can be done.
public struct SagaSnapshot: Sendable {
    /// The row.
    public let row: SagaRow
    /// The flow's stages in their own order, and what the journal says about each.
    public let stages: [StageSnapshot]
    /// What it waits for or why it is stuck.
    public let predicament: Predicament?
    /// How its descendants stand, itself included, and all that is at stake.
    public let census: SagaCensus
    /// Its newest notices that contradict what came before them, at most ``conflictLimit``.
    public let conflicts: [StoredNotice]
    /// The newest prints of what persons did, or tried to, to it and its descendants, at most ``printLimit``.
    public let prints: [StoredPrint]
    /// What an operator could do now, as far as its state goes.
    public let actions: [String]
    /// What becomes of the saga's element when it is excluded, in the flow's words; `nil` when it cannot be.
    public let exclusion: String?
    /// Which of these need a second person; none where one person may do everything.
    public let needsTwo: [String]

    /// The most prints that are shown with a saga.
    public static let printLimit = 10
    /// The most conflicting notices that are shown with a saga.
    public static let conflictLimit = 10
    /// The most notices that no turn has looked at which are looked through for such conflicts, the newest first.
    static let freshLimit = 100
}

/// One stage as people look at it.
public struct StageSnapshot: Sendable, Equatable {
    /// The stage.
    public let name: StageName
    /// How far it is.
    public let progress: Progress
    /// The effect's identity, when the stage sends something.
    public let key: IdempotencyKey?
    /// The counterparty it is sent to.
    public let counterparty: CounterpartyName?
    /// Our reference at the counterparty.
    public let reference: String?
    /// The counterparty's own name for it.
    public let receipt: String?
    /// Failed attempts since a person last had a hand in it.
    public let failures: Int
    /// The code of the last attempt in vain.
    public let lastFailure: String?
    /// When that attempt ended.
    public let lastFailedAt: Timestamp?
    /// Why it was refused, if it was.
    public let refusal: RefusalReason?
    /// What was asked for, as facts, when the counterparty confirmed it.
    public let facts: Facts?
    /// What the counterparty is sent, byte for byte, for a stage that sends something.
    public let request: [UInt8]?
    /// How a person said that the stage ended, since anybody last had it tried again.
    public let resolution: Resolved?
    /// Children started, for a stage that has children.
    public let children: Int?

    /// A person's word on how a stage ended, and the counterparty's own, which outweighs it.
    public struct Resolved: Sendable, Equatable {
        /// What the person said.
        public let outcome: OperatorAction.Resolution
        /// Who.
        public let actor: String
        /// What the counterparty said when it was asked; `nil` while it has not, or knows nothing of it.
        public let word: OperatorAction.Resolution?
        /// Who was asked.
        public let counterparty: CounterpartyName?
    }

    /// How far a stage is.
    public enum Progress: String, Sendable, Codable, CaseIterable {
        /// The saga has not come to it.
        case ahead
        /// The saga has ended without coming to it: a way that it did not go.
        case notTaken = "not_taken"
        /// It has begun and is not done.
        case begun
        /// The counterparty has it; the proof is still to come.
        case accepted
        /// It is done.
        case done
        /// The counterparty has refused it.
        case refused
    }
}
