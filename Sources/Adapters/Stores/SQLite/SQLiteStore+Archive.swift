public import SagaEngine

extension SQLiteStore {
    /// One saga's row, or `nil`.
    public func row(of id: SagaID) async throws(StoreError) -> SagaRow? {
        try await runOnReader { try $0.row(of: id) }
    }

    /// A saga's journal entries after a sequence number, oldest first.
    public func journal(
        of id: SagaID, after sequence: Int, limit: Int
    ) async throws(StoreError) -> [JournalEntry] {
        try await runOnReader { try $0.journal(of: id, after: sequence, limit: limit) }
    }

    /// Sagas that match, in order of their ids, and how many there are.
    public func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage {
        try await runOnReader { try $0.search(query) }
    }

    /// The children of a stage after an element, in byte order of the elements.
    public func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] {
        try await runOnReader { try $0.children(of: parent, stage: stage, after: after, limit: limit) }
    }

    /// How many sagas there are in each status from a saga downwards, and what they have at stake.
    public func census(under root: SagaID?) async throws(StoreError) -> SagaCensus {
        try await runOnReader { try $0.census(under: root) }
    }

    /// Notices that match, newest first.
    public func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] {
        try await runOnReader { try $0.notices(query) }
    }

    /// What says now that one of these references is settled and that nobody has put aside.
    public func settlements(
        of references: [SentReference], for saga: SagaID, limit: Int
    ) async throws(StoreError) -> [StoredNotice] {
        try await runOnReader { try $0.settlements(of: references, for: saga, limit: limit) }
    }

    /// Operators' prints on a saga and its descendants, or all, newest first.
    public func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] {
        try await runOnReader { try $0.prints(under: root, limit: limit, offset: offset) }
    }

    /// What record handlers have set in a space after a key, in byte order of the keys.
    public func bookValues(
        in space: String, after key: String = "", limit: Int
    ) async throws(StoreError) -> [(key: String, value: [UInt8])] {
        try await runOnReader { reader in
            guard let space = try reader.names.number(of: space) else { return [] }
            var values: [(key: String, value: [UInt8])] = []
            try reader.connection.forEachRow(
                "SELECT key, value FROM book_value WHERE space = ? AND key > ? ORDER BY key LIMIT ?",
                .integer(space), .text(key), .integer(Int64(max(0, limit)))
            ) { values.append(($0.text(0), $0.blob(1))) }
            return values
        }
    }

    /// What record handlers have added to a log after a line, oldest first.
    public func bookLines(
        of log: String, after number: Int64 = 0, limit: Int
    ) async throws(StoreError) -> [BookLine] {
        try await runOnReader { reader in
            guard let log = try reader.names.number(of: log) else { return [] }
            var lines: [BookLine] = []
            try reader.connection.forEachRow(
                """
                SELECT number, key, saga, stage, at, body FROM book_log
                WHERE log = ? AND number > ? ORDER BY number LIMIT ?
                """, .integer(log), .integer(number), .integer(Int64(max(0, limit)))
            ) { row in
                let cause = RecordCause(
                    saga: try SagaID(stored: row.text(2)),
                    stage: StageName(rawValue: try reader.names.text(of: row.int64(3))),
                    at: Timestamp(milliseconds: row.int64(4)))
                lines.append(BookLine(number: row.int64(0), key: row.text(1), body: row.blob(5), cause: cause))
            }
            return lines
        }
    }
}
