/// Where the money of units not allotted goes back to.
public enum RefundRoute: String, Codable, Hashable, Sendable, CaseIterable {
    /// The investor's deposit account at the custodian.
    case deposit
    /// The investor's bank account.
    case bank
}
