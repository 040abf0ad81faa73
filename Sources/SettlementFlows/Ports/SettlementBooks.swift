/// Reads the books that a settlement is compared with: the custodian's, the chain's, the bank's and our own ledger's.
///
/// Reading moves nothing. Calls throw when a party cannot be asked now; the stage that asks is tried again.
public protocol SettlementBooks: MovementBooks {
    /// The counterparties' books as they stand from now on, for one walk through an offering's lines.
    func snapshot() async throws -> any BookSnapshot

    /// What our ledger holds about an offering.
    func ledger(of offering: OfferingID) async throws -> LedgerTotals

    /// What our ledger holds about some of an offering's lines, in the order asked, which is the byte order of ids.
    func ledger(of offering: OfferingID, lines: [InvestorID]) async throws -> [LedgerTotals]
}
