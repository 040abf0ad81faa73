/// The two files that are loaded for an offering.
public enum OfferingPart: String, Hashable, Sendable, CaseIterable {
    case investors
    case subscriptions

    /// The columns of its file, in order.
    public var columns: [String] {
        switch self {
        case .investors:
            [
                "investor_id", "name", "email", "escrow_account", "deposit_account", "token_account", "token_address",
                "bank_account", "bank_bic",
            ]
        case .subscriptions: ["subscription_id", "investor_id", "submitted_at", "action", "units"]
        }
    }
}
