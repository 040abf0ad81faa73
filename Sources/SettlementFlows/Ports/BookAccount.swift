public import SagaEngine

/// One account and asset in a counterparty's books.
///
/// At the custodian and on the chain the account is named as there; at the bank it is the investor's id, and the entry
/// is what the bank has paid out to them for this software.
public struct BookAccount: Hashable, Sendable {
    /// The most accounts asked about at a time.
    public static let largestPage = 3_000

    /// Whose books.
    public let party: CounterpartyName
    /// The account.
    public let account: String
    /// The asset.
    public let asset: String
    /// How many decimals the asset's amounts have, so that balances come in its smallest unit.
    public let decimals: Int

    /// Names an account.
    public init(party: CounterpartyName, account: String, asset: String, decimals: Int) {
        self.party = party
        self.account = account
        self.asset = asset
        self.decimals = decimals
    }
}
