internal import SagaEngine

/// What rivals still take from some accounts, in an order that is the same in every run.
struct RivalClaims {
    /// What one line of a rival still takes from an account.
    struct Claim {
        let account: AccountID
        let by: OfferingID
        let investor: InvestorID
        let amount: Int128
        /// Whether it takes it now, so that it is soon gone, or keeps it for its day.
        let isMoving: Bool
    }

    private let claims: [Claim]

    init(_ claims: [Claim] = []) {
        self.claims = claims.sorted { ($0.account, $0.by, $0.investor) < ($1.account, $1.by, $1.investor) }
    }

    /// Those on one account.
    func on(_ account: AccountID) -> ArraySlice<Claim> {
        var (low, high) = (0, claims.count)
        while low < high {
            let middle = (low + high) / 2
            if claims[middle].account < account { low = middle + 1 } else { high = middle }
        }
        return claims[low...].prefix { $0.account == account }
    }
}
