/// Interprets one kind of record inside the store's transaction. A violation undoes that saga's part alone.
public protocol RecordHandler: Sendable {
    /// The kind of record it understands.
    var kind: String { get }

    /// Checks the record against the books and writes it.
    ///
    /// - Throws: ``RecordViolation`` when the books would no longer balance; the saga's whole append is undone.
    func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws

    /// The values that applying the record is likely to look at, so that a store which is far away reads those of many
    /// records at once. A hint: what is not named here can be read all the same.
    func reads(_ record: Record) -> [(space: String, key: String)]
}

extension RecordHandler {
    /// Nothing can be told beforehand.
    public func reads(_ record: Record) -> [(space: String, key: String)] { [] }
}
