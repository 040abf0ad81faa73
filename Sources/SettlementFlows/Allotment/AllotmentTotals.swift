/// The running sums over an allotment's lines.
public struct AllotmentTotals: Hashable, Sendable {
    /// How many lines.
    public private(set) var investors = 0
    /// The sum of units subscribed.
    public private(set) var subscribed = Units.zero
    /// The sum of units allotted.
    public private(set) var allotted = Units.zero
    /// The sum of what was paid.
    public private(set) var paid: Money
    /// The sum of what goes to the issuer.
    public private(set) var payable: Money
    /// The sum of what goes back.
    public private(set) var refund: Money

    /// Sums of nothing in a currency.
    public init(_ currency: Currency) {
        paid = .zero(currency)
        payable = .zero(currency)
        refund = .zero(currency)
    }

    /// Adds one line; throws `overflow` when a sum does not fit 128 bits.
    public mutating func add(_ line: InvestorAllotment) throws(MoneyError) {
        investors += 1
        subscribed = try subscribed.adding(line.subscribed)
        allotted = try allotted.adding(line.allotted)
        paid = try paid.adding(line.paid)
        payable = try payable.adding(line.payable)
        refund = try refund.adding(line.refund)
    }
}
