import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// The offerings of a shelf as each other's neighbours, sealed in the order in which they stand there.
struct ShelfNeighbours: OfferingNeighbours {
    let books: [MemoryOfferingBook]
    /// Where their settlements stand.
    let store: any SagaArchive

    func unsettled(besides offering: OfferingID) async throws(OfferingBookError) -> [NeighbourOffering] {
        var found: [NeighbourOffering] = []
        var isEarlier = true
        for book in books {
            guard book.offering.id != offering else {
                isEarlier = false
                continue
            }
            let row = try await row(of: book.offering.id)
            if row?.standing.status.isTerminal ?? false { continue }
            found.append(
                NeighbourOffering(
                    offering: book.offering, isEarlier: isEarlier,
                    isMoving: row?.standing.pivoted ?? false))
        }
        return found
    }

    func claims(
        of neighbour: OfferingID, on accounts: [AccountID]
    ) async throws(OfferingBookError) -> [EscrowClaim] {
        guard let book = books.first(where: { $0.offering.id == neighbour }) else { return [] }
        var claims: [EscrowClaim] = []
        for allotment in try book.allotments() {
            guard let account = book.investors[allotment.investor]?.accounts.escrow, accounts.contains(account) else {
                continue
            }
            claims.append(EscrowClaim(account: account, investor: allotment.investor, paid: allotment.paid))
        }
        return claims
    }

    private func row(of offering: OfferingID) async throws(OfferingBookError) -> SagaRow? {
        guard let id = SagaID(rawValue: offering.rawValue) else { return nil }
        do throws(StoreError) {
            return try await store.row(of: id)
        } catch {
            throw .storage(code: error.code.rawValue)
        }
    }
}
