public import SagaEngine

/// What one investor got back from an offering that failed or was called off. Plain data.
public struct ReturnedFunds: Hashable, Codable, Sendable, Tallied {
    /// Who.
    public let investor: InvestorID
    /// How much: all they had paid.
    public let refunded: Money

    init(investor: InvestorID, refunded: Money) {
        self.investor = investor
        self.refunded = refunded
    }

    /// The name of the sum of what went back, in minor units.
    public static let refunded = "refunded"

    /// What went back.
    public var tally: Tally { Tally([Tally.Amount(Self.refunded, refunded.minorUnits)]) }
}
