import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// The mock parties' books and the memory store's ledger, as the flows read them back.
struct MockSettlementBooks: SettlementBooks, BookSnapshot {
    let world: MockWorld
    let store: MemoryStore

    func snapshot() async throws -> any BookSnapshot { self }

    func entries(of accounts: [BookAccount]) async throws -> [BookEntry] {
        accounts.map { asked in
            let book = world.book(of: asked.party)
            let scale = (asked.decimals..<SandboxAmount.decimalLimit).reduce(Int128(1)) { scale, _ in scale * 10 }
            let balance = book.balance(of: asked.account, in: asked.asset) / scale
            guard let account = book.account(asked.account) else {
                return BookEntry(standing: asked.party == Parties.custodian ? .absent : .open, balance: 0)
            }
            return BookEntry(standing: account.standing == .open ? .open : .blocked, balance: balance)
        }
    }

    func ledger(of offering: OfferingID) async throws -> LedgerTotals {
        var totals = LedgerTotals()
        for line in store.books.log(LedgerHandler.log)
        where line.key == offering.rawValue || line.key.hasPrefix("\(offering)/") {
            try totals.add(line.body)
        }
        return totals
    }
}
