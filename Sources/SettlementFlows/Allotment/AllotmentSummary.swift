/// What a published allotment comes to: enough to journal, and to prove later that the lines are the ones published.
public struct AllotmentSummary: Hashable, Codable, Sendable {
    /// Whose allotment it is.
    public let offering: OfferingID
    /// The digest of what was allotted from: the offering, its investors and its subscription log.
    public let inputDigest: ContentDigest
    /// The digest of the lines in investor id order.
    public let linesDigest: ContentDigest
    /// How it ended.
    public let outcome: AllotmentOutcome
    /// How many investors have live demand; each has one line.
    public let investors: Int
    /// The units offered, S.
    public let offered: Units
    /// The sum of all demand, W.
    public let subscribed: Units
    /// The sum of all units allotted.
    public let allotted: Units
    /// The units that went to the largest remainders, one each.
    public let leftOver: Units
    /// The sum of what was paid.
    public let paid: Money
    /// The sum of what goes to the issuer.
    public let payable: Money
    /// The sum of what goes back.
    public let refund: Money

    /// A summary from its totals.
    public init(
        offering: OfferingID, inputDigest: ContentDigest, linesDigest: ContentDigest, outcome: AllotmentOutcome,
        offered: Units, leftOver: Units, totals: AllotmentTotals
    ) {
        self.offering = offering
        self.inputDigest = inputDigest
        self.linesDigest = linesDigest
        self.outcome = outcome
        self.offered = offered
        self.leftOver = leftOver
        investors = totals.investors
        subscribed = totals.subscribed
        allotted = totals.allotted
        paid = totals.paid
        payable = totals.payable
        refund = totals.refund
    }

    /// S / W to 15 decimals, for reports.
    public var ratio: String { ProRata.ratio(supply: offered, total: subscribed) }
}
