public import SagaEngine

/// A posting of this module that has a record on the chain.
public protocol Recordable: Postable {
    /// What is written there.
    var chainEntry: ChainEntry { get }
}

/// A posting about money: settlement at the counterparty is its proof, and its record needs nothing more.
public protocol SettledRecordable: Recordable {}

/// A posting that the law ties to the custodian's approval; its record needs that approval, too.
public protocol ApprovedRecordable: Recordable {
    /// What was approved.
    associatedtype Order: ApprovedInstruction
    /// The approval that the posting itself stands on.
    var approval: Approved<Order> { get }
}

/// What one chain record says: a change of one account's balance of one asset. Only this module makes one.
public struct ChainEntry: Sendable, Equatable {
    /// The account as the chain knows it.
    public let account: String
    /// The asset.
    public let asset: String
    /// The amount in major units.
    public let amount: String
    /// Whether the balance grows.
    public let isCredit: Bool

    init(account: String, asset: String, amount: String, isCredit: Bool) {
        self.account = account
        self.asset = asset
        self.amount = amount
        self.isCredit = isCredit
    }
}
