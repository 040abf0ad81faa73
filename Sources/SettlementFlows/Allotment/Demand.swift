/// What one investor asks for: the sum of their live subscriptions.
public struct Demand: Hashable, Sendable {
    /// Who asks.
    public let investor: InvestorID
    /// The sum of the units of their live subscriptions.
    public let units: Units
    /// When the earliest of those was applied for, in milliseconds since 1970.
    public let since: Int64

    /// A demand of an investor.
    public init(investor: InvestorID, units: Units, since: Int64) {
        self.investor = investor
        self.units = units
        self.since = since
    }
}
