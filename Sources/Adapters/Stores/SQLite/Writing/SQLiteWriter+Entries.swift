internal import SagaEngine

/// An entry with its number in the whole store.
struct NumberedEntry {
    let number: Int64
    let saga: SagaNumber
    let entry: JournalEntry
}

// Entries of a transaction are written together, at its end or before something looks at the journal: one statement
// that is run a hundred times in a row finds its own code and pages at hand.
extension SQLiteWriter {
    /// Writes the entries that the transaction has still to write.
    func writeEntries() throws {
        let insert = statements.insertEntry
        for (number, saga, entry) in entries.lazy.map({ ($0.number, $0.saga, $0.entry) }) {
            try insert.bind(1, number)
            try insert.bind(2, saga)
            try insert.bind(3, Int64(entry.sequence))
            try insert.bind(4, try names.intern(entry.stage.rawValue))
            try insert.bind(5, Int64(entry.refusals))
            try insert.bind(6, Int64(entry.kind.rawValue))
            try insert.bind(7, entry.at.milliseconds)
            try entry.link.withBytes { try insert.run(lending: (8, entry.body), (9, $0)) }
        }
        entries.removeAll(keepingCapacity: true)
    }
}
