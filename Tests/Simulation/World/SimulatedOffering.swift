import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// One offering of a simulation: its terms, who asks for how much, and what that must come to.
struct SimulatedOffering: Sendable {
    /// What of an offering a simulation varies.
    struct Terms: Sendable {
        /// The offering's id, and its settlement's.
        var name: String
        /// Comes before every investor's number, so that no two offerings share an investor.
        var prefix = ""
        /// The issuer's account, which offerings may share; the offering's own when there is none.
        var issuer: String?
        /// What a unit costs, in minor units of SGD.
        var price: Int128 = 252_000
        /// How many units there are.
        var offered: UInt64 = 10
        /// Below how many the offering fails.
        var minimum: UInt64 = 1
        /// Where money goes back to.
        var refundTo: RefundRoute = .deposit
        /// After how long the units are allotted.
        var closing = Span.seconds(60)
        /// How many units each investor asks for, the first to ask first.
        var wanted: [UInt64]

        /// Where payable money goes.
        var issuerAccount: String { issuer ?? "ISS-\(name)" }
    }

    let terms: Terms
    let book: MemoryOfferingBook
    /// The settlement.
    let saga: SagaID

    /// Seals an offering; its names are the simulation's own, so they cannot be wrong.
    init(_ terms: Terms) {
        self.terms = terms
        let start = SimulatedRun.start
        do {
            let offering = try Offering(
                id: OfferingID(terms.name), name: "Tower", unitPrice: Money(.sgd, minorUnits: terms.price),
                unitsOffered: Units(UInt128(terms.offered)), minimumUnits: Units(UInt128(terms.minimum)),
                issuerAccount: AccountID(terms.issuerAccount), treasuryAccount: AccountID("TRE-\(terms.name)"),
                tokenAsset: AssetID("DABS-\(terms.name)"), refundTo: terms.refundTo, closesAt: start,
                allotmentAt: start + terms.closing, timeZone: "Asia/Singapore")
            book = try MemoryOfferingBook(
                offering: offering,
                units: terms.wanted.enumerated().map { ("INV-\(terms.prefix)\($0.offset + 1)", $0.element) })
        } catch {
            preconditionFailure("the offering \(terms.name) cannot be: \(error)")
        }
        saga = Self.saga(terms.name)
    }

    /// The saga that does something for one investor, counted from 1.
    func line(_ number: Int, _ stage: OfferingSettlement.Stage) -> SagaID {
        Self.saga("\(terms.name)/\(stage.rawValue)/\(investor(number))")
    }

    private func investor(_ number: Int) -> String { "INV-\(terms.prefix)\(number)" }

    private static func saga(_ text: String) -> SagaID {
        guard let id = SagaID(rawValue: text) else { preconditionFailure("\(text) is no saga id") }
        return id
    }
}

extension SimulatedOffering {
    /// What the offering must come to, worked out here by plain counting and by none of the flows' own code.
    var oracle: CheckedOffering {
        let units = allotted
        return CheckedOffering(
            saga: saga, issuer: terms.issuerAccount, treasury: "TRE-\(terms.name)",
            lines: terms.wanted.indices.map { index in
                let tail = "\(terms.prefix)\(index + 1)"
                return CheckedLine(
                    funding: line(index + 1, .fund), distribution: line(index + 1, .distribute), escrow: "ESC-\(tail)",
                    token: "TOK-\(tail)", paid: Int128(terms.wanted[index]) * terms.price,
                    payable: units[index] * terms.price, units: units[index])
            })
    }

    /// Pro rata: everybody's whole part, then one unit more to the largest rests, the first to ask first.
    private var allotted: [Int128] {
        let wanted = terms.wanted.map { Int128($0) }
        let (total, supply) = (wanted.reduce(0, +), Int128(terms.offered))
        if total < Int128(terms.minimum) { return wanted.map { _ in 0 } }
        if total <= supply { return wanted }
        var units = wanted.map { $0 * supply / total }
        var rests = wanted.map { $0 * supply % total }
        for _ in 0..<Int(supply - units.reduce(0, +)) {
            guard let largest = rests.max(), let index = rests.firstIndex(of: largest) else { break }
            units[index] += 1
            rests[index] = -1
        }
        return units
    }
}
