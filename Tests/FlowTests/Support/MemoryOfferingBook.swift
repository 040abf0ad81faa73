import SagaEngine
import SettlementFlows

/// One sealed offering in memory, allotted by the same rules as any book.
struct MemoryOfferingBook: OfferingBook {
    let offering: Offering
    let demands: [Demand]
    let investors: [InvestorID: Investor]
    let digest = ContentDigest(bytes: Array(repeating: 7, count: 32))

    var sealed: SealedOffering { SealedOffering(offering: offering, input: digest) }

    /// Everybody's account names follow from their id: `ESC-1` for `INV-1`.
    init(offering: Offering, units: [(investor: String, units: UInt64)]) throws {
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

    func allotments() throws(OfferingBookError) -> [InvestorAllotment] {
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

    func allot(_ id: OfferingID, input: ContentDigest) async throws(OfferingBookError) -> AllotmentSummary {
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

    func lines(
        of id: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [AllotmentLine] {
        var lines: [AllotmentLine] = []
        for allotment in try allotments() where after.map({ $0 < allotment.investor }) ?? true {
            guard let investor = investors[allotment.investor] else { throw .notLoaded(id, .investors) }
            if lines.count < limit { lines.append(AllotmentLine(allotment: allotment, accounts: investor.accounts)) }
        }
        return lines
    }

    func allotments(
        of id: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [InvestorAllotment] {
        try await lines(of: id, input: input, after: after, limit: limit).map(\.allotment)
    }

    func line(
        of investor: InvestorID, in id: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> AllotmentLine? {
        try await lines(of: id, input: input, after: nil, limit: .max).first { $0.investor == investor }
    }

    func investor(
        _ id: InvestorID, in offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> Investor? {
        investors[id]
    }

    func sealed(_ id: OfferingID) async throws(OfferingBookError) -> SealedOffering? {
        id == offering.id ? sealed : nil
    }

    // Loading is the real books' business.
    func beginLoad(of offering: OfferingID, part: OfferingPart) async throws(OfferingBookError) -> LoadID {
        throw .storage(code: "read_only")
    }
    func add(_ investors: [Numbered<Investor>], to load: LoadID) async throws(OfferingBookError) {
        throw .loadGone(load)
    }
    func add(_ events: [Numbered<SubscriptionEvent>], to load: LoadID) async throws(OfferingBookError) {
        throw .loadGone(load)
    }
    func finish(_ load: LoadID) async throws(OfferingBookError) -> LoadedPart { throw .loadGone(load) }
    func abandon(_ load: LoadID) async throws(OfferingBookError) {}
    func seal(_ offering: Offering, investors: InvestorPolicy) async throws(OfferingBookError) -> ContentDigest {
        digest
    }
}
