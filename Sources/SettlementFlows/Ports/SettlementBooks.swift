/// Reads the books that a settlement is compared with: the custodian's, the chain's, the bank's and our own ledger's.
///
/// Reading moves nothing. Calls throw when a party cannot be asked now; the stage that asks is tried again.
public protocol SettlementBooks: Sendable {
    /// What the parties say about some accounts, in the order asked; at most ``BookAccount/largestPage`` at a time.
    func entries(of accounts: [BookAccount]) async throws -> [BookEntry]

    /// What our ledger holds about an offering.
    func ledger(of offering: OfferingID) async throws -> LedgerTotals
}
