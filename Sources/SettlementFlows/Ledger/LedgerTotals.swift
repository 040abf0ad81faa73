internal import SagaEngine

/// What an offering's books come to: the fold of its posting sets, house accounts by name and customers' in sum.
public struct LedgerTotals: Hashable, Codable, Sendable {
    /// Money held for investors; zero once a settlement is whole.
    public private(set) var escrow: Int128 = 0
    /// What investors had paid in.
    public private(set) var paid: Int128 = 0
    /// What went back to them.
    public private(set) var refunded: Int128 = 0
    /// What went to the issuer.
    public private(set) var transferred: Int128 = 0
    /// Units made.
    public private(set) var minted: Int128 = 0
    /// Units in the treasury.
    public private(set) var treasury: Int128 = 0
    /// Units of investors.
    public private(set) var distributed: Int128 = 0

    /// Nothing.
    public init() {}

    /// Adds one posting set as it stands in ``LedgerHandler/log``.
    ///
    /// - Throws: ``RecordViolation`` when a sum does not fit 128 bits; what cannot be read throws the codec's error.
    public mutating func add(_ body: [UInt8]) throws {
        let set = try JournalDecoder().read(PostingSet.self, from: body)
        for leg in set.legs { try add(leg) }
    }

    private mutating func add(_ leg: PostingSet.Leg) throws(RecordViolation) {
        switch leg.account {
        case .escrow: try Self.add(leg.gain, to: &escrow)
        case .units: try Self.add(leg.gain, to: &distributed)
        case .custody: try Self.add(0 - leg.gain, to: &paid)
        case .refunded: try Self.add(leg.gain, to: &refunded)
        case .issuer: try Self.add(leg.gain, to: &transferred)
        case .treasury: try Self.add(leg.gain, to: &treasury)
        case .issued: try Self.add(0 - leg.gain, to: &minted)
        }
    }

    private static func add(_ gain: Int128, to sum: inout Int128) throws(RecordViolation) {
        let (next, overflow) = sum.addingReportingOverflow(gain)
        guard !overflow else {
            throw RecordViolation(code: "posting.overflow", message: "a total of the ledger does not fit 128 bits")
        }
        sum = next
    }
}
