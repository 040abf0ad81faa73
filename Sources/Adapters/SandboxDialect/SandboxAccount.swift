internal import SagaEngine

/// An account at a counterparty of the sandbox, as it is listed.
public struct SandboxAccount: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Whether it may be used.
    public let standing: AccountStanding
    /// What it holds, by asset in byte order.
    public let balances: [Balance]

    /// What an account holds of one asset.
    public struct Balance: Sendable, Equatable {
        /// The asset.
        public let asset: String
        /// The amount in major units.
        public let amount: String

        /// States a balance.
        public init(asset: String, amount: String) {
            self.asset = asset
            self.amount = amount
        }
    }

    /// States an account.
    public init(name: String, standing: AccountStanding, balances: [Balance]) {
        self.name = name
        self.standing = standing
        self.balances = balances
    }

    /// What it holds of an asset in major units; `nil` when it has never held any.
    public subscript(asset: String) -> String? {
        balances.first { $0.asset.isSameBytes(as: asset) }?.amount
    }
}
