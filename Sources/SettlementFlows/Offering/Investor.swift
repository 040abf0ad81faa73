/// An investor as the offering book knows them; what is personal is left out of every description.
public struct Investor: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The longest personal field, in bytes of UTF-8.
    public static let longestField = 512

    /// Who, without saying who.
    public let id: InvestorID
    /// Personal: their name.
    public let name: String
    /// Personal: where mail reaches them; may be empty.
    public let email: String
    /// Their accounts at the custodian and on the chain.
    public let accounts: InvestorAccounts
    /// Personal: their bank account's number; may be empty.
    public let bankAccount: String
    /// Personal: their bank's BIC; may be empty.
    public let bankBIC: String

    /// An investor from the fields of one row.
    public init(
        id: InvestorID, name: String, email: String, accounts: InvestorAccounts, bankAccount: String, bankBIC: String
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.accounts = accounts
        self.bankAccount = bankAccount
        self.bankBIC = bankBIC
    }

    /// The id alone.
    public var description: String { id.rawValue }
    /// The id alone.
    public var debugDescription: String { id.rawValue }
    /// The id alone.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
