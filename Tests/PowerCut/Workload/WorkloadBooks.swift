import Adapters
import SagaEngine
import SettlementFlows

/// The mock parties' books and the store's ledger, as the flows read them back.
struct WorkloadBooks: SettlementBooks, BookSnapshot {
    let world: MockWorld
    let store: SQLiteStore

    func snapshot() async throws -> any BookSnapshot { self }

    func entries(of accounts: [BookAccount]) async throws -> [BookEntry] {
        accounts.map { asked in
            let book = world.book(of: asked.party)
            let scale = (asked.decimals..<SandboxAmount.decimalLimit).reduce(Int128(1)) { scale, _ in scale * 10 }
            guard let account = book.account(asked.account) else {
                return BookEntry(standing: asked.party == Parties.custodian ? .absent : .open, balance: 0)
            }
            return BookEntry(account.standing, balance: book.balance(of: asked.account, in: asked.asset) / scale)
        }
    }

    func movements(under effects: [BookEffect]) async throws -> [BookFinding] {
        try await world.movementBooks.movements(under: effects)
    }

    func movements(
        of offering: OfferingID, at party: CounterpartyName, after place: String?
    ) async throws -> BookPage {
        try await world.movementBooks.movements(of: offering, at: party, after: place)
    }

    func ledger(of offering: OfferingID, lines: [InvestorID]) async throws -> [LedgerTotals] {
        try await LedgerFold(store).totals(of: offering.rawValue, lines: lines.map(\.rawValue))
    }

    func ledger(of offering: OfferingID) async throws -> LedgerTotals {
        var totals = LedgerTotals()
        for line in try await store.bookLines(of: LedgerHandler.log, limit: 100_000)
        where line.key == offering.rawValue || line.key.hasPrefix("\(offering)/") {
            try totals.add(line.body)
        }
        return totals
    }
}
