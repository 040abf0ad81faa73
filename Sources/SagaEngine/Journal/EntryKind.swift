/// What a journal entry says. The raw values are durable: add to them, never renumber.
public enum EntryKind: UInt8, Sendable, CaseIterable {
    /// The exact request that is about to be sent, durable before any byte of it leaves.
    case intent = 1
    /// A call that ended without a receipt or a refusal, or a question the counterparty could not settle.
    case attempt = 2
    /// The counterparty has the instruction; its answer is kept.
    case receipt = 3
    /// The counterparty has proved that it will not do this.
    case refused = 4
    /// A verified notice that fits what the stage expected.
    case notice = 5
    /// A settlement seen by asking the counterparty, where policy allows that instead of a notice.
    case found = 6
    /// The value of a local step.
    case value = 7
    /// A durable wait that is over.
    case slept = 8
    /// Records committed to the books in this stage's own transaction.
    case posted = 9
    /// A page of child sagas was started.
    case spawned = 10
    /// All children of a stage have ended; the proof.
    case barrier = 11
    /// The point of no return was passed.
    case pivot = 12
    /// The saga needs a person, and why.
    case stuck = 13
    /// An operator acted on this saga.
    case action = 14
    /// The saga ended.
    case outcome = 15
    /// Evidence that an operator brought for a settlement that no notice and no question could prove.
    case resolved = 16
}
