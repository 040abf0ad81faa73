public import SagaEngine

/// One effect that a counterparty really had: money or units moved, or a record written.
public struct PartyEffect: Sendable, Equatable {
    /// Its place among this counterparty's effects, from 1 without gaps.
    public let number: Int
    /// The caller's reference.
    public let reference: String
    /// The counterparty's own name for the order.
    public let id: String
    /// What was done, with what.
    public let order: SandboxOrder
    /// When.
    public let at: Timestamp

    /// States an effect.
    public init(number: Int, reference: String, id: String, order: SandboxOrder, at: Timestamp) {
        self.number = number
        self.reference = reference
        self.id = id
        self.order = order
        self.at = at
    }
}
