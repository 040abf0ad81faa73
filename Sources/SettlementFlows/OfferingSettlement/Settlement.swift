/// How an offering ended, with the figures that four books agree on. Plain data.
public struct Settlement: Hashable, Codable, Sendable {
    /// The ways to end.
    public enum Outcome: String, Hashable, Codable, Sendable, CaseIterable {
        /// Money is with the issuer, units are with the investors.
        case settled
        /// The demand was too small: everyone has all their money back.
        case failed = "failed, all refunded"
        /// It was called off: everyone has all their money back.
        case cancelled = "cancelled, all refunded"
    }

    /// Which offering.
    public let offering: OfferingID
    /// How it ended.
    public let outcome: Outcome
    /// How many lines there were.
    public let lines: Int
    /// How many of them were taken out before units were made.
    public let excluded: Int
    /// How many lines' units stay in the treasury in the investor's name.
    public let held: Int
    /// What investors had paid.
    public let paid: Money
    /// What went back to them.
    public let refunded: Money
    /// What went to the issuer.
    public let transferred: Money
    /// The units made.
    public let minted: Int128
    /// The units delivered.
    public let distributed: Int128
    /// The four books' figures.
    public let figures: [BookFigure]
}
