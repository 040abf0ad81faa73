import SagaEngine
import SettlementFlows

/// An offering's books under test: 3 of 10 units and 9.00 of 30.00 are INV-1's.
struct Ledger {
    let books = BooksInMemory()
    private let handler = LedgerHandler()

    /// The books with the offering published and the line opened and funded.
    static func funded() throws -> Ledger {
        let ledger = try opened()
        try ledger.post(.funded(refunded: 300, transferred: 600))
        return ledger
    }

    /// The books with the offering published and the line opened.
    static func opened() throws -> Ledger {
        let ledger = Ledger()
        try ledger.post(.published())
        try ledger.post(.opened())
        return ledger
    }

    /// Posts a set, by a stage named for its event unless said otherwise.
    func post(_ set: PostingSet, by stage: String? = nil) throws {
        let body = try JournalEncoder().encode(set)
        try apply(Record(kind: PostingSet.recordKind, body: body), by: stage ?? set.event.rawValue)
    }

    func apply(_ record: Record, by stage: String) throws {
        let cause = RecordCause(
            saga: SettlementBench.saga("OFF/fund/INV-1"), stage: StageName(rawValue: stage),
            at: Timestamp(milliseconds: 0))
        try books.transact { try handler.apply(record, cause: cause, to: $0) }
    }
}

extension PostingSet {
    static let offering = SettlementBench.offering("OFF")
    static let investor = SettlementBench.investor("INV-1")

    static func bounds(paid: Int128, allotted: Int128) -> Bounds {
        Bounds(currency: "SGD", paid: paid, token: "DABS", allotted: allotted)
    }

    static func set(
        _ event: PostingEvent, _ legs: [Leg], line: Bool = true, bounds: Bounds? = nil, excluded: Int128? = nil
    ) -> PostingSet {
        PostingSet(
            offering: offering, event: event, investor: line ? investor : nil, legs: legs, bounds: bounds,
            excludedUnits: excluded)
    }

    static func published() -> PostingSet {
        set(.published, [], line: false, bounds: bounds(paid: 3_000, allotted: 10))
    }

    static func opened(_ held: Int128 = 900, paid: Int128 = 900, allotted: Int128 = 3) -> PostingSet {
        set(
            .opened, [Leg(.custody, "SGD", -held), Leg(.escrow(investor), "SGD", held)],
            bounds: bounds(paid: paid, allotted: allotted))
    }

    static func funded(_ event: PostingEvent = .funded, refunded: Int128, transferred: Int128) -> PostingSet {
        let moved = [
            Leg(.escrow(investor), "SGD", -refunded - transferred), Leg(.refunded, "SGD", refunded),
            Leg(.issuer, "SGD", transferred),
        ]
        return set(event, moved.filter { $0.gain != 0 })
    }

    static func minted(_ units: Int128, excluded: Int128 = 0) -> PostingSet {
        set(.minted, [Leg(.issued, "DABS", -units), Leg(.treasury, "DABS", units)], line: false, excluded: excluded)
    }

    static func distributed(_ units: Int128) -> PostingSet {
        set(.distributed, [Leg(.treasury, "DABS", -units), Leg(.units(investor), "DABS", units)])
    }
}
