internal import SagaEngine
public import SettlementFlows

/// One sealed offering in memory, allotted by the same rules as any book.
///
/// It is made sealed: loading is the real books' business, and refused here. Every page computes all lines anew, so it
/// is for tens of investors, not for thousands.
public struct MemoryOfferingBook: OfferingBook {
    /// The offering's terms.
    public let offering: Offering
    /// Who is in the book, by id.
    public let investors: [InvestorID: Investor]
    private let demands: [Demand]
    private let edited = Locked<[InvestorID: InvestorAccounts]>([:])
    private let digest = ContentDigest(bytes: Array(repeating: 7, count: 32))

    /// What a settlement of the offering starts from.
    public var sealed: SealedOffering { SealedOffering(offering: offering, input: digest) }

    /// Seals an offering with what each investor wants, the first to ask first.
    ///
    /// - Parameters:
    ///   - offering: Its terms.
    ///   - units: Investors as `INV-…`, and how many units each asks for. Everybody's account names follow from their
    ///     id: `ESC-1` for `INV-1`.
    /// - Throws: ``NameError`` when an id is no name.
    public init(offering: Offering, units: [(investor: String, units: UInt64)]) throws {
        self.offering = offering
        var demands: [Demand] = []
        var investors: [InvestorID: Investor] = [:]
        for (index, wanted) in units.enumerated() {
            let id = try InvestorID(wanted.investor)
            demands.append(
                Demand(investor: id, units: Units(UInt128(wanted.units)), since: Timestamp(milliseconds: Int64(index))))
            let tail = wanted.investor.dropFirst(4)
            investors[id] = Investor(
                id: id, name: "Investor \(tail)", email: "\(tail)@example.com",
                accounts: InvestorAccounts(
                    escrow: try AccountID("ESC-\(tail)"), deposit: try AccountID("DEP-\(tail)"),
                    token: try AccountID("TOK-\(tail)"), tokenAddress: try TokenAddress("0x\(tail)")),
                bankAccount: "100-\(tail)", bankBIC: "DBSSSGSG")
        }
        self.demands = demands.sorted { $0.investor < $1.investor }
        self.investors = investors
    }

    /// Puts other accounts in an investor's row, as a person with access to the database may; `nil` puts them back.
    public func edit(_ investor: InvestorID, accounts: InvestorAccounts?) {
        edited.withLock { $0[investor] = accounts }
    }

    /// All lines as published, in byte order of the investors.
    public func allotments() throws(OfferingBookError) -> [InvestorAllotment] {
        do throws(MoneyError) {
            var total = Units.zero
            for demand in demands { total = try total.adding(demand.units) }
            let isFailed = AllotmentOutcome(demand: total, offering: offering) == .failed
            let results = try ProRata.allot(demands, supply: offering.unitsOffered)
            var lines: [InvestorAllotment] = []
            for (demand, result) in zip(demands, results) {
                lines.append(
                    try InvestorAllotment(
                        investor: demand.investor, subscribed: demand.units,
                        allotted: isFailed ? .zero : result.allotted,
                        unitPrice: offering.unitPrice, working: nil))
            }
            return lines
        } catch {
            throw .arithmetic(offering.id, error)
        }
    }

    /// Allots anew; the outcome is always the same.
    public func allot(_ id: OfferingID, input: ContentDigest) async throws(OfferingBookError) -> AllotmentSummary {
        guard id == offering.id, input == digest else { throw .notSealed(id) }
        let lines = try allotments()
        var totals = AllotmentTotals(offering.unitPrice.currency)
        do throws(MoneyError) {
            for line in lines { try totals.add(line) }
        } catch {
            throw .arithmetic(id, error)
        }
        return AllotmentSummary(
            offering: id, inputDigest: digest, linesDigest: digest,
            outcome: AllotmentOutcome(demand: totals.subscribed, offering: offering), offered: offering.unitsOffered,
            leftOver: .zero, totals: totals)
    }

    /// The lines after an investor with the accounts they touch.
    public func lines(
        of id: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [AllotmentLine] {
        var lines: [AllotmentLine] = []
        for allotment in try allotments() where after.map({ $0 < allotment.investor }) ?? true {
            guard let investor = investors[allotment.investor] else { throw .notLoaded(id, .investors) }
            let accounts = edited.withLock { $0[investor.id] } ?? investor.accounts
            if lines.count < limit { lines.append(AllotmentLine(allotment: allotment, accounts: accounts)) }
        }
        return lines
    }

    /// The digest that the book was sealed with, or another one while a row is not as it was sealed.
    public func digests(of id: OfferingID, input: ContentDigest) async throws(OfferingBookError) -> RowDigests {
        let isEdited = edited.withLock { !$0.isEmpty }
        return RowDigests(
            input: isEdited ? ContentDigest(bytes: Array(repeating: 8, count: 32)) : digest, lines: digest)
    }

    /// The lines after an investor.
    public func allotments(
        of id: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [InvestorAllotment] {
        try await lines(of: id, input: input, after: after, limit: limit).map(\.allotment)
    }

    /// One investor's line, or `nil`.
    public func line(
        of investor: InvestorID, in id: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> AllotmentLine? {
        try await lines(of: id, input: input, after: nil, limit: .max).first { $0.investor == investor }
    }

    /// One investor, or `nil`.
    public func investor(
        _ id: InvestorID, in offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> Investor? {
        investors[id]
    }

    /// The offering, if it is the one asked for.
    public func sealed(_ id: OfferingID) async throws(OfferingBookError) -> SealedOffering? {
        id == offering.id ? sealed : nil
    }

    /// Refused: the book is sealed.
    public func beginLoad(of offering: OfferingID, part: OfferingPart) async throws(OfferingBookError) -> LoadID {
        throw .storage(code: "read_only")
    }

    /// Refused: the book is sealed.
    public func add(_ investors: [Numbered<Investor>], to load: LoadID) async throws(OfferingBookError) {
        throw .loadGone(load)
    }

    /// Refused: the book is sealed.
    public func add(_ events: [Numbered<SubscriptionEvent>], to load: LoadID) async throws(OfferingBookError) {
        throw .loadGone(load)
    }

    /// Refused: the book is sealed.
    public func finish(_ load: LoadID) async throws(OfferingBookError) -> LoadedPart { throw .loadGone(load) }

    /// Nothing to abandon.
    public func abandon(_ load: LoadID) async throws(OfferingBookError) {}

    /// Sealed already: answers with what the book was sealed as.
    public func seal(
        _ offering: Offering, investors: InvestorPolicy, over content: LoadedContent
    ) async throws(OfferingBookError) -> ContentDigest {
        digest
    }
}
