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
    ///
    /// - Throws: what makes the transaction fail; some may have been written then.
    func writeEntries() throws {
        var rest = entries[...]
        while rest.count >= WriterStatements.entriesAtOnce {
            try write(rest.prefix(WriterStatements.entriesAtOnce), by: statements.insertEntries)
            rest = rest.dropFirst(WriterStatements.entriesAtOnce)
        }
        while !rest.isEmpty {
            try write(rest.prefix(1), by: statements.insertEntry)
            rest = rest.dropFirst()
        }
        entries.removeAll(keepingCapacity: true)
    }

    /// Writes as many entries as the statement takes. Their bytes are put side by side and lent to it.
    private func write(_ entries: ArraySlice<NumberedEntry>, by insert: SQLiteStatement) throws {
        var lent: [(index: Int32, end: Int)] = []
        lent.reserveCapacity(2 * entries.count)
        entryBytes.removeAll(keepingCapacity: true)
        var first: Int32 = 1
        for numbered in entries {
            let entry = numbered.entry
            try insert.bind(first, numbered.number)
            try insert.bind(first + 1, numbered.saga)
            try insert.bind(first + 2, Int64(entry.sequence))
            try insert.bind(first + 3, try names.intern(entry.stage.rawValue))
            try insert.bind(first + 4, Int64(entry.refusals))
            try insert.bind(first + 5, Int64(entry.kind.rawValue))
            try insert.bind(first + 6, entry.at.milliseconds)
            entryBytes += entry.body
            lent.append((first + 7, entryBytes.count))
            entry.link.withBytes { entryBytes += $0 }
            lent.append((first + 8, entryBytes.count))
            first += 9
        }
        try insert.run(lending: entryBytes, upTo: lent)
    }
}
