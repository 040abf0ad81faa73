import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// The mocks' books, read through the custodian's listing: what can go wrong with a listing does.
struct ListedBooks: SettlementBooks {
    let base: MockSettlementBooks
    let world: MockWorld
    let clock: SimulatedClock

    /// The party could not be read.
    struct Unread: Error, CustomStringConvertible {
        var description: String { "the custodian's listing could not be read" }
    }

    func snapshot() async throws -> any BookSnapshot {
        let answer = Locked<PartyReply?>(nil)
        let now = clock.now()
        world.change { world in
            let reply = world.list(Parties.custodian, after: 0, limit: 1, at: now)
            answer.withLock { $0 = reply }
        }
        guard let reply = answer.withLock({ $0 }) else { throw Unread() }
        if reply.delay > .zero { await clock.sleep(until: now + reply.delay) }
        switch reply.answer {
        case .document(let document) where document.status == 200: return try await base.snapshot()
        case .document, .garbage, .flood, .cut: throw Unread()
        }
    }

    func movements(under effects: [BookEffect]) async throws -> [BookFinding] {
        try await base.movements(under: effects)
    }

    func movements(
        of offering: OfferingID, at party: CounterpartyName, after place: String?
    ) async throws -> BookPage {
        try await base.movements(of: offering, at: party, after: place)
    }

    func ledger(of offering: OfferingID) async throws -> LedgerTotals {
        try await base.ledger(of: offering)
    }

    func ledger(of offering: OfferingID, lines: [InvestorID]) async throws -> [LedgerTotals] {
        try await base.ledger(of: offering, lines: lines)
    }
}
