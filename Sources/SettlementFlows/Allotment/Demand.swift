public import SagaEngine

/// What one investor asks for: the sum of their live subscriptions.
public struct Demand: Hashable, Sendable {
    /// Who asks.
    public let investor: InvestorID
    /// The sum of the units of their live subscriptions.
    public let units: Units
    /// When the earliest of those was applied for.
    public let since: Timestamp

    /// A demand of an investor.
    public init(investor: InvestorID, units: Units, since: Timestamp) {
        self.investor = investor
        self.units = units
        self.since = since
    }
}
