public import SagaEngine

/// What a counterparty of the sandbox knows about one reference: the answer to a `PUT` or a `GET`, and a notice's body.
public struct SandboxRecord: Sendable, Equatable {
    /// The caller's reference.
    public var reference: String
    /// The counterparty's own name for it.
    public var id: String
    /// How far it is.
    public var state: State
    /// What was asked for.
    public var order: SandboxOrder
    /// Why it was refused, of a bounded set.
    public var code: String?
    /// The refusal, or how far it is, in words.
    public var message: String?
    /// When it came to this state.
    public var occurredAt: Timestamp

    /// How far an order is.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// Taken in; the effect is still to come.
        case accepted
        /// On its way; only notices say so.
        case progress
        /// The effect has happened.
        case settled
        /// It will never happen.
        case refused
    }

    /// States what is known about a reference.
    public init(
        reference: String, id: String, state: State, order: SandboxOrder, code: String? = nil, message: String? = nil,
        occurredAt: Timestamp
    ) {
        self.reference = reference
        self.id = id
        self.state = state
        self.order = order
        self.code = code
        self.message = message
        self.occurredAt = occurredAt
    }
}
