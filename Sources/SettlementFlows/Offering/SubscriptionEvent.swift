public import SagaEngine

/// One row of an offering's subscription log.
public struct SubscriptionEvent: Hashable, Sendable {
    /// What happened to the subscription.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        /// It was opened, for at least one unit.
        case apply
        /// Its units were replaced, by at least one.
        case amend
        /// It ended.
        case cancel
    }

    /// Which subscription.
    public let subscription: SubscriptionID
    /// Whose it is.
    public let investor: InvestorID
    /// When.
    public let submittedAt: Timestamp
    /// What happened.
    public let action: Action
    /// The subscription's units from now on; zero for a cancel.
    public let units: UInt64

    /// A row from its fields.
    public init(
        subscription: SubscriptionID, investor: InvestorID, submittedAt: Timestamp, action: Action, units: UInt64
    ) {
        self.subscription = subscription
        self.investor = investor
        self.submittedAt = submittedAt
        self.action = action
        self.units = units
    }
}
