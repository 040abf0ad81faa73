import SettlementFlows
import Testing

/// A set that breaks a rule, what must stand before it, and the set that would have been right.
struct LedgerBreach: Sendable, CustomTestStringConvertible {
    enum Before: Sendable { case nothing, published, opened, openedAndMinted, funded, minted }

    let code: String
    let before: Before
    let set: PostingSet
    var legal: PostingSet?
    var stage: String?

    var testDescription: String { code }

    func prepared() throws -> Ledger {
        switch before {
        case .nothing: return Ledger()
        case .published:
            let ledger = Ledger()
            try ledger.post(.published())
            return ledger
        case .opened: return try Ledger.opened()
        case .openedAndMinted:
            let ledger = try Ledger.opened()
            try ledger.post(.minted(10))
            return ledger
        case .funded: return try Ledger.funded()
        case .minted:
            let ledger = try Ledger.funded()
            try ledger.post(.minted(10))
            return ledger
        }
    }
}

extension LedgerBreach {
    private typealias Leg = PostingSet.Leg

    static let all: [LedgerBreach] = forms + openings + settlements + units

    private static let paid = PostingSet.funded(refunded: 0, transferred: 900)
    private static let own = LedgerAccount.escrow(PostingSet.investor)
    private static let other = LedgerAccount.escrow(SettlementBench.investor("INV-2"))

    private static let forms: [LedgerBreach] = [
        LedgerBreach(
            code: "posting.unbalanced", before: .opened,
            set: .set(.funded, [Leg(own, "SGD", -900), Leg(.issuer, "SGD", 899)]), legal: paid),
        LedgerBreach(
            code: "posting.foreign_account", before: .opened,
            set: .set(.funded, [Leg(other, "SGD", -900), Leg(.issuer, "SGD", 900)]), legal: paid),
        LedgerBreach(
            code: "posting.foreign_asset", before: .opened,
            set: .set(.funded, [Leg(own, "USD", -900), Leg(.issuer, "USD", 900)]), legal: paid),
        LedgerBreach(
            code: "posting.overflow", before: .opened,
            set: .set(.funded, [Leg(.refunded, "SGD", .max), Leg(.issuer, "SGD", 1), Leg(own, "SGD", .min)]),
            legal: paid),
        LedgerBreach(
            code: "posting.backwards", before: .opened,
            set: .set(.funded, [Leg(.refunded, "SGD", -300), Leg(.issuer, "SGD", 300)]), legal: paid),
        LedgerBreach(code: "posting.no_line", before: .opened, set: .set(.funded, [], line: false)),
        LedgerBreach(
            code: "posting.no_offering", before: .published,
            set: .set(.published, [], bounds: PostingSet.bounds(paid: 1, allotted: 1))),
    ]

    private static let openings: [LedgerBreach] = [
        LedgerBreach(code: "posting.offering_unknown", before: .nothing, set: .opened()),
        LedgerBreach(code: "posting.not_opened", before: .published, set: paid),
        LedgerBreach(code: "posting.twice", before: .opened, set: .opened(), stage: "again"),
        LedgerBreach(code: "posting.duplicate", before: .opened, set: .opened(), stage: "opened"),
        LedgerBreach(
            code: "posting.unbounded", before: .nothing, set: .set(.published, [], line: false), legal: .published()),
        LedgerBreach(
            code: "line.above_published", before: .published, set: .opened(3_001, paid: 3_001), legal: .opened()),
        LedgerBreach(
            code: "line.above_published", before: .published, set: .opened(allotted: 11), legal: .opened(allotted: 10)),
        LedgerBreach(code: "line.opening_differs", before: .published, set: .opened(899), legal: .opened()),
    ]

    private static let settlements: [LedgerBreach] = [
        LedgerBreach(
            code: "line.above_paid", before: .opened, set: .funded(refunded: 301, transferred: 600),
            legal: .funded(refunded: 300, transferred: 600)),
        LedgerBreach(
            code: "line.above_paid", before: .funded, set: .funded(.returned, refunded: 1, transferred: 0), stage: "x"),
        LedgerBreach(
            code: "line.settled_twice", before: .funded, set: .funded(.returned, refunded: 0, transferred: 0),
            stage: "x"),
    ]

    private static let units: [LedgerBreach] = [
        LedgerBreach(code: "mint.above_allotted", before: .funded, set: .minted(11), legal: .minted(10)),
        LedgerBreach(
            code: "mint.above_allotted", before: .funded, set: .minted(10, excluded: 1),
            legal: .minted(9, excluded: 1)),
        LedgerBreach(code: "posting.twice", before: .minted, set: .minted(10), stage: "again"),
        LedgerBreach(code: "distribution.before_mint", before: .funded, set: .distributed(3)),
        LedgerBreach(code: "distribution.unfunded", before: .openedAndMinted, set: .distributed(3)),
        LedgerBreach(
            code: "distribution.above_allotted", before: .minted, set: .distributed(4), legal: .distributed(3)),
        LedgerBreach(code: "account.overdrawn", before: .minted, set: .distributed(-1), legal: .distributed(3)),
    ]
}
