public import SagaEngine

/// The outside world of a simulation: what the counterparties are to the engine, and what they say for themselves.
public protocol SimulatedParties: Sendable {
    /// The parties as the engine's ports.
    var counterparties: [any Counterparty] { get }

    /// Does what the parties do by themselves, until cancelled; runs on the simulation's clock.
    func run() async

    /// Lets nothing go wrong from now on.
    func quiet()

    /// What the parties' own journals say, in order.
    var facts: [PartyFact] { get }
}

/// One line of a counterparty's own journal, in terms that belong to no program.
public struct PartyFact: Sendable, Equatable {
    /// Whose journal it stands in.
    public let party: CounterpartyName
    /// The caller's reference.
    public let reference: String
    /// What happened.
    public let kind: Kind
    /// When, where the journal says so.
    public let at: Timestamp?

    /// Kinds of lines.
    public enum Kind: Sendable, Equatable {
        /// An order was taken in.
        case accepted(operation: String, facts: Facts)
        /// An order had its effect.
        case effect(number: Int, operation: String, facts: Facts)
        /// An order will never have its effect.
        case refused(code: String)
        /// A notice was made under an id.
        case notice(id: String)
    }

    /// Takes a line.
    public init(party: CounterpartyName, reference: String, kind: Kind, at: Timestamp?) {
        self.party = party
        self.reference = reference
        self.kind = kind
        self.at = at
    }
}
