/// What one investor gets and pays, with the working that led there; it says nothing personal.
public struct InvestorAllotment: Hashable, Codable, Sendable {
    /// The exact numbers by which units were shared.
    public struct Working: Hashable, Codable, Sendable {
        /// ⌊w · S / W⌋: the units that are due without any left over.
        public let quotient: Units
        /// (w · S) mod W as a number of up to 128 bits, by which left-over units were given out.
        public let remainder: Units
        /// The place, from 1, in the order by which left-over units were given out.
        public let rank: Int

        /// A working from its numbers.
        public init(quotient: Units, remainder: Units, rank: Int) {
            self.quotient = quotient
            self.remainder = remainder
            self.rank = rank
        }
    }

    /// Whose it is.
    public let investor: InvestorID
    /// The units of their live subscriptions.
    public let subscribed: Units
    /// The units they get.
    public let allotted: Units
    /// What they paid: subscribed units at the unit price.
    public let paid: Money
    /// What goes to the issuer: allotted units at the unit price.
    public let payable: Money
    /// What goes back to them: paid less payable, by subtraction.
    public let refund: Money
    /// The working; nil unless units were shared pro rata.
    public let working: Working?

    /// An allotment at a unit price; throws `overflow` when what was paid does not fit 128 bits.
    public init(
        investor: InvestorID, subscribed: Units, allotted: Units, unitPrice: Money, working: Working?
    ) throws(MoneyError) {
        guard allotted <= subscribed else { throw .negative }
        self.investor = investor
        self.subscribed = subscribed
        self.allotted = allotted
        paid = try unitPrice.times(subscribed)
        payable = try unitPrice.times(allotted)
        refund = try paid.subtracting(payable)
        self.working = working
    }

    /// The bytes that an allotment's digest covers: the fields as text, ended by control characters no field can hold.
    public var canonicalText: String {
        var text = investor.rawValue
        for field in [subscribed.description, allotted.description, paid.text, payable.text, refund.text] {
            text += "\u{1F}" + field
        }
        if let working { text += "\u{1F}\(working.quotient)\u{1F}\(working.remainder)\u{1F}\(working.rank)" }
        return text + "\u{1E}"
    }
}
