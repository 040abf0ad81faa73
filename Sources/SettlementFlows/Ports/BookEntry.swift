/// What a counterparty says about one account.
public struct BookEntry: Hashable, Sendable {
    /// Whether the account may be used.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        /// It may send and receive.
        case open
        /// It is frozen or closed.
        case blocked
        /// There is no such account.
        case absent
    }

    /// Whether it may be used.
    public let standing: Standing
    /// The counterparty's own word for an account that is blocked, such as `frozen`; `nil` where it has none.
    public let word: String?
    /// What it holds of the asset asked about, in the asset's smallest unit.
    public let balance: Int128

    /// States an entry.
    public init(standing: Standing, balance: Int128, word: String? = nil) {
        self.standing = standing
        self.word = word
        self.balance = balance
    }
}
