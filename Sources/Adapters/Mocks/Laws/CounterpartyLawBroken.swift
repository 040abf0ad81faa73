/// A law that a counterparty does not keep.
public struct CounterpartyLawBroken: Error, Sendable, CustomStringConvertible {
    /// The law.
    public let law: String
    /// What was seen instead.
    public let description: String
}
