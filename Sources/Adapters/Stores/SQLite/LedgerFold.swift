public import SettlementFlows

/// Folds what was posted about an offering into its totals.
public struct LedgerFold: Sendable {
    private static let page = 1_000

    private let store: SQLiteStore

    /// Folds what a store holds.
    public init(store: SQLiteStore) {
        self.store = store
    }

    /// The totals of an offering, read page by page.
    public func totals(of offering: String) async throws -> LedgerTotals {
        var totals = LedgerTotals()
        var place = BookPlace.beginning
        while true {
            let lines = try await store.bookLines(
                of: LedgerHandler.log, under: offering, after: place, limit: Self.page)
            for line in lines { try totals.add(line.body) }
            guard lines.count == Self.page, let last = lines.last else { return totals }
            place = BookPlace(key: last.key, number: last.number)
        }
    }
}
