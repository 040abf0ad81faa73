import SagaEngine
import SettlementFlows

/// Books of an offering in which everybody gets the units they asked for, at 1.00 each: worked out by plain counting.
struct PlainBooks: SettlementBooks, BookSnapshot {
    let offering: Offering
    let units: [(investor: String, units: UInt64)]
    /// What the parties say of some references instead of the truth; `nil` where they know nothing.
    var misstated: [String: BookMovement?] = [:]
    /// What they have besides.
    var extra: [(party: CounterpartyName, movement: BookMovement)] = []
    /// What they list once more, and find once.
    var again: [(party: CounterpartyName, movement: BookMovement)] = []
    /// What is not listed.
    var unlisted: Set<String> = []
    /// Whether the last page of a listing names itself as the next one.
    var goesRound = false

    private func movement(
        _ reference: String, _ asset: String, _ amount: String, from: String?, to: String?
    ) -> BookMovement {
        BookMovement(reference: reference, asset: asset, amount: amount, from: from, to: to, isSettled: true)
    }

    private func movements(at party: CounterpartyName) -> [BookMovement] {
        let (id, token) = (offering.id.rawValue, offering.tokenAsset.rawValue)
        let total = String(units.reduce(0) { $0 + $1.units })
        var all: [BookMovement] = []
        switch party {
        case Parties.custodian:
            all.append(movement("\(id)/mint", token, total, from: nil, to: "TRE-1"))
            for (investor, count) in units {
                let (line, tail) = ("\(id)/fund/\(investor)", investor.dropFirst(4))
                all.append(movement("\(line)/transfer", "SGD", "\(count).00", from: "ESC-\(tail)", to: "ISS-1"))
                let delivery = "\(id)/distribute/\(investor)/deliver"
                all.append(movement(delivery, token, "\(count)", from: "TRE-1", to: "TOK-\(tail)"))
            }
        case Parties.blockchain:
            all.append(movement("\(id)/recorded", token, total, from: nil, to: "TRE-1"))
            for (investor, count) in units {
                let tail = investor.dropFirst(4)
                let line = "\(id)/fund/\(investor)/record"
                all.append(movement(line, "SGD", "\(count).00", from: "ESC-\(tail)", to: nil))
                let delivery = "\(id)/distribute/\(investor)/record"
                all.append(movement(delivery, token, "\(count)", from: nil, to: "0x\(tail)"))
            }
        default: break
        }
        return all.compactMap { misstated[$0.reference.rawValue] ?? $0 }
            + extra.filter { $0.party == party }.map(\.movement)
    }

    func snapshot() async throws -> any BookSnapshot { self }

    func entries(of accounts: [BookAccount]) async throws -> [BookEntry] {
        accounts.map { _ in BookEntry(standing: .open, balance: 0) }
    }

    func movements(under effects: [BookEffect]) async throws -> [BookFinding] {
        precondition(effects.count <= BookEffect.largestPage)
        var known: [String: BookMovement] = [:]
        for party in [Parties.custodian, Parties.blockchain] {
            for movement in movements(at: party) { known["\(party) \(movement.reference)"] = movement }
        }
        return effects.map { effect in
            let reference = "\(effect.saga)/\(effect.stage)"
            return known["\(effect.party) \(reference)"].map(BookFinding.moved) ?? .nothing(reference: reference)
        }
    }

    func movements(
        of offering: OfferingID, at party: CounterpartyName, after place: String?
    ) async throws -> BookPage {
        let more = again.filter { $0.party == party }.map(\.movement)
        let listed = movements(at: party).filter { !unlisted.contains($0.reference.rawValue) } + more
        let start = place.flatMap { Int($0) } ?? 0
        // An empty page before the end, as when everything on it was refused.
        if place == nil { return BookPage(movements: [], next: "0") }
        let end = min(start + 100, listed.count)
        let last = goesRound ? place : nil
        return BookPage(movements: Array(listed[start..<end]), next: end < listed.count ? String(end) : last)
    }

    func ledger(of id: OfferingID) async throws -> LedgerTotals {
        var totals = LedgerTotals()
        for (investor, count) in units { try add(investor, count, to: &totals) }
        let minted = Int128(units.reduce(0) { $0 + $1.units })
        let token = offering.tokenAsset.rawValue
        try add(
            PostingSet(
                offering: id, event: .minted,
                legs: [PostingSet.Leg(.issued, token, 0 - minted), PostingSet.Leg(.treasury, token, minted)]),
            to: &totals)
        return totals
    }

    func ledger(of id: OfferingID, lines: [InvestorID]) async throws -> [LedgerTotals] {
        let wanted = Dictionary(units.map { ($0.investor, $0.units) }) { first, _ in first }
        return try lines.map { line in
            var totals = LedgerTotals()
            try add(line.rawValue, wanted[line.rawValue] ?? 0, to: &totals)
            return totals
        }
    }

    private func add(_ name: String, _ count: UInt64, to totals: inout LedgerTotals) throws {
        let (investor, money) = (try InvestorID(name), Int128(count) * 100)
        let token = offering.tokenAsset.rawValue
        let legs: [PostingSet.Leg] = [
            PostingSet.Leg(.custody, "SGD", 0 - money), PostingSet.Leg(.escrow(investor), "SGD", money),
            PostingSet.Leg(.escrow(investor), "SGD", 0 - money), PostingSet.Leg(.issuer, "SGD", money),
            PostingSet.Leg(.treasury, token, 0 - Int128(count)), PostingSet.Leg(.units(investor), token, Int128(count)),
        ]
        try add(PostingSet(offering: offering.id, event: .funded, investor: investor, legs: legs), to: &totals)
    }

    private func add(_ set: PostingSet, to totals: inout LedgerTotals) throws {
        try totals.add(try JournalEncoder().encode(set))
    }
}
