/// One line of a published allotment: what the investor gets and pays, and between which accounts.
///
/// It carries the investor's id and accounts at the custodian and on the chain; name, address and bank account stay in
/// the offering book.
public struct AllotmentLine: Hashable, Codable, Sendable {
    /// What the investor gets and pays.
    public let allotment: InvestorAllotment
    /// Where their money and units are.
    public let accounts: InvestorAccounts

    /// A line from its parts.
    public init(allotment: InvestorAllotment, accounts: InvestorAccounts) {
        self.allotment = allotment
        self.accounts = accounts
    }

    /// Whose line it is.
    public var investor: InvestorID { allotment.investor }
}
