public import SettlementFlows

extension BookEntry {
    /// An account as the sandbox's parties have it, with their own word for one that is blocked.
    public init(_ standing: AccountStanding, balance: Int128) {
        switch standing {
        case .open: self.init(standing: .open, balance: balance)
        case .frozen, .closed: self.init(standing: .blocked, balance: balance, word: standing.rawValue)
        }
    }
}
