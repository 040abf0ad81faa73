/// What one line of an offering was paid from an escrow account, of which it may have taken some already.
public struct EscrowClaim: Hashable, Sendable {
    /// The account.
    public let account: AccountID
    /// Whose line.
    public let investor: InvestorID
    /// What was paid: all that the line takes from the account in the end.
    public let paid: Money

    /// States a claim.
    public init(account: AccountID, investor: InvestorID, paid: Money) {
        self.account = account
        self.investor = investor
        self.paid = paid
    }
}
