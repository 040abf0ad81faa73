/// Where one investor's money and units are: names at the custodian and on the chain, nothing personal.
public struct InvestorAccounts: Hashable, Codable, Sendable {
    /// The segregated account that holds what they subscribed.
    public let escrow: AccountID
    /// Their own account at the custodian.
    public let deposit: AccountID
    /// Their token account at the custodian.
    public let token: AccountID
    /// Where their units stand on the chain.
    public let tokenAddress: TokenAddress

    /// Accounts from their names.
    public init(escrow: AccountID, deposit: AccountID, token: AccountID, tokenAddress: TokenAddress) {
        self.escrow = escrow
        self.deposit = deposit
        self.token = token
        self.tokenAddress = tokenAddress
    }
}
