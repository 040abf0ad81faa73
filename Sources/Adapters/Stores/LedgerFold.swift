public import SettlementFlows

/// Folds what was posted about an offering into its totals.
public struct LedgerFold: Sendable {
    private static let page = 1_000

    private let books: any RecordedBooks

    /// Folds what a store's books hold.
    public init(_ books: any RecordedBooks) {
        self.books = books
    }

    /// The totals of an offering, read page by page.
    public func totals(of offering: String) async throws -> LedgerTotals {
        var totals = LedgerTotals()
        var place = BookPlace.beginning
        while true {
            let lines = try await books.bookLines(
                of: LedgerHandler.log, under: offering, after: place, limit: Self.page)
            for line in lines { try totals.add(line.body) }
            guard lines.count == Self.page, let last = lines.last else { return totals }
            place = BookPlace(key: last.key, number: last.number)
        }
    }

    /// The totals of some lines of an offering, in the order asked, which must be the byte order of their ids.
    ///
    /// Lines lie in that order in the log, so they are read in one go from the first to the last.
    public func totals(of offering: String, lines: [String]) async throws -> [LedgerTotals] {
        guard let first = lines.first else { return [] }
        let keys = lines.map { "\(offering)/\($0)" }
        var totals = Array(repeating: LedgerTotals(), count: keys.count)
        var place = BookPlace(key: "\(offering)/\(first)", number: 0)
        var index = 0
        while true {
            let page = try await books.bookLines(
                of: LedgerHandler.log, under: offering, after: place, limit: Self.page)
            for line in page {
                while index < keys.count, Self.precedes(keys[index], line.key) { index += 1 }
                guard index < keys.count else { return totals }
                if keys[index].utf8.elementsEqual(line.key.utf8) { try totals[index].add(line.body) }
            }
            guard page.count == Self.page, let last = page.last else { return totals }
            place = BookPlace(key: last.key, number: last.number)
        }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
