/// What the counterparties' books held for one offering at one time, in sums over its lines.
///
/// Taken while nothing has moved, and kept as evidence. What the settlement did is read back by its own references.
public struct BookSurvey: Hashable, Codable, Sendable {
    /// How many lines were looked at.
    public internal(set) var lines = 0
    /// What the lines' investors paid, in minor units.
    public internal(set) var paid: Int128 = 0
    /// The units allotted to the lines.
    public internal(set) var allotted: Int128 = 0
    /// Money in the investors' escrow accounts at the custodian.
    public internal(set) var custodyEscrow: Int128 = 0
    /// Money in the issuer's account at the custodian.
    public internal(set) var custodyIssuer: Int128 = 0
    /// Units in the treasury account at the custodian.
    public internal(set) var custodyTreasury: Int128 = 0
    /// Units in the investors' token accounts at the custodian.
    public internal(set) var custodyUnits: Int128 = 0
    /// Money of the escrow accounts as recorded on the chain.
    public internal(set) var chainEscrow: Int128 = 0
    /// Units issued as recorded on the chain.
    public internal(set) var chainIssued: Int128 = 0
    /// Units at the investors' addresses on the chain.
    public internal(set) var chainUnits: Int128 = 0
    /// What the bank has paid out to the investors.
    public internal(set) var bankPaid: Int128 = 0

    /// Nothing looked at yet.
    public init() {}

    mutating func add(_ amount: Int128, to sum: WritableKeyPath<BookSurvey, Int128>) throws(MoneyError) {
        let (next, overflow) = self[keyPath: sum].addingReportingOverflow(amount)
        guard !overflow else { throw .overflow }
        self[keyPath: sum] = next
    }
}
