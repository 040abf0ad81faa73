public import SagaEngine

/// What goes wrong at one call to a counterparty.
public enum CallStrike: String, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// The caller dies before the call leaves.
    case crashBefore
    /// The caller dies after the call has done what it does, before it learns of it.
    case crashAfter
    /// The call does what it does and is answered with an error.
    case errorAfterApplying
}

/// One call to a counterparty as the simulation saw it leave.
public struct SimulatedCall: Sendable, Equatable {
    /// Its number over all lives, from 1.
    public let number: Int
    /// The life that made it.
    public let caller: RunnerID
    /// How many calls had left when the engine decided to make it; more may have left while the process was frozen.
    public let decidedAfter: Int
    /// When it left.
    public let at: Timestamp
    /// Whom it went to.
    public let party: CounterpartyName
    /// What was asked.
    public let verb: CallVerb
    /// Our reference.
    public let reference: String
    /// The bytes of the request.
    public let body: [UInt8]
    /// Whether the disk held its intent when it left.
    public let wasIntended: Bool
    /// What struck it.
    public let strike: CallStrike
}
