/// A counterparty's word that it has an instruction.
public struct Receipt: Sendable, Equatable, Codable {
    /// The counterparty's own name for it.
    public let id: String
    /// Whether it is done or only accepted.
    public let state: State
    /// What the counterparty says it is about to do or has done, to be compared with what was asked.
    public let facts: Facts

    /// How far the counterparty is.
    public enum State: String, Sendable, Codable {
        /// Taken in; the effect is still to come.
        case accepted
        /// The effect has happened.
        case settled
    }

    /// Reports an instruction that the counterparty has.
    public init(id: String, state: State, facts: Facts) {
        self.id = id
        self.state = state
        self.facts = facts
    }
}
