/// Whether an offering must come with its investors.
public enum InvestorPolicy: Hashable, Sendable {
    /// Investors must be loaded, and every row of the log must name one of them: settlement needs their accounts.
    case required
    /// Investors are checked where they are loaded: an allotment alone can do without.
    case optional
}
