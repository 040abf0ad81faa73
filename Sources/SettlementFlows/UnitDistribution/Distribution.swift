public import SagaEngine

/// What one investor was delivered. Plain data.
public struct Distribution: Hashable, Codable, Sendable, Tallied, JSONWritable {
    /// Who.
    public let investor: InvestorID
    /// How many units.
    public let units: Units
    /// Whether the units stay in the treasury in the investor's name.
    public let isHeld: Bool

    init(_ funding: Funding, isHeld: Bool) {
        investor = funding.investor
        units = funding.units
        self.isHeld = isHeld
    }

    /// The name of the sum of units delivered.
    public static let distributed = "distributed"
    /// The name of the sum of units held in the treasury.
    public static let held = "held"

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line in
            line.member("investor", investor)
            line.member("units", units.description)
            line.member("isHeld", isHeld)
        }
    }

    /// Units delivered and held.
    public var tally: Tally {
        // The units were minted, so they fit 127 bits.
        let count = Int128(clamping: units.count)
        return Tally(
            [Tally.Amount(Self.distributed, isHeld ? 0 : count), Tally.Amount(Self.held, isHeld ? count : 0)],
            excluded: isHeld)
    }
}
