public import SagaEngine

/// Applies posting sets inside the transaction of the stage that causes them. Law: books balance inside the
/// transaction.
///
/// A set that breaks a rule undoes its saga's part of the commit alone. One row a line and one an offering are written;
/// the log ``log`` only grows, and the house's balances are sums over it.
public struct LedgerHandler: RecordHandler {
    /// The log of all posting sets, each filed under `offering` or `offering/investor`.
    public static let log = LedgerSpace.log

    /// `ledger`.
    public var kind: String { PostingSet.recordKind }

    /// A handler; it keeps nothing.
    public init() {}

    /// The row of the offering, and of the line that the set is about.
    public func reads(_ record: Record) -> [(space: String, key: String)] {
        let set: PostingSet
        do {
            set = try JournalDecoder().read(PostingSet.self, from: record.body)
        } catch {
            // What is no posting set is refused when it is applied.
            return []
        }
        let offering = (space: LedgerSpace.offerings, key: set.offering.rawValue)
        return set.investor == nil ? [offering] : [offering, (LedgerSpace.lines, LedgerSpace.key(of: set))]
    }

    /// Checks a set against the books and writes it.
    public func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
        let set: PostingSet
        do {
            set = try JournalDecoder().read(PostingSet.self, from: record.body)
        } catch {
            throw RecordViolation(
                code: "posting.unreadable",
                message: "\(cause.saga)/\(cause.stage) posts what is no posting set: \(error)")
        }
        try PostingRules.checkForm(of: set)
        let mark = "\(cause.saga)/\(cause.stage)"
        if set.investor == nil {
            try apply(set, toOfferingBy: mark, in: books)
        } else {
            try apply(set, toLineBy: mark, in: books)
        }
        try books.append(record.body, to: LedgerSpace.log, key: LedgerSpace.key(of: set), cause: cause)
    }

    private func apply(_ set: PostingSet, toOfferingBy mark: String, in books: any RecordTransaction) throws {
        let key = LedgerSpace.key(of: set)
        let known = try read(OfferingRow.self, key, LedgerSpace.offerings, books)
        let row = try PostingRules.offering(known, after: set, by: mark)
        try books.set(try JournalEncoder().line(row), for: key, in: LedgerSpace.offerings)
    }

    private func apply(_ set: PostingSet, toLineBy mark: String, in books: any RecordTransaction) throws {
        let offering = try read(OfferingRow.self, set.offering.rawValue, LedgerSpace.offerings, books)
        guard let offering else {
            throw RecordViolation(
                code: "posting.offering_unknown", message: "the books of \(set.offering) have not been opened")
        }
        let key = LedgerSpace.key(of: set)
        let known = try read(LineRow.self, key, LedgerSpace.lines, books)
        let row = try PostingRules.line(known, after: set, in: offering, by: mark)
        try books.set(try JournalEncoder().line(row), for: key, in: LedgerSpace.lines)
    }

    private func read<Row: JSONReadable>(
        _ type: Row.Type, _ key: String, _ space: String, _ books: any RecordTransaction
    ) throws -> Row? {
        guard let bytes = try books.value(of: key, in: space) else { return nil }
        return try JournalDecoder().read(type, from: bytes)
    }
}
