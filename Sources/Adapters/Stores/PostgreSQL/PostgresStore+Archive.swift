public import SagaEngine

extension PostgresStore {
    /// One saga's row, or `nil`.
    public func row(of id: SagaID) async throws(StoreError) -> SagaRow? {
        try await read { try $0.row(of: id) }
    }

    /// A saga's journal entries after a sequence number, oldest first.
    public func journal(
        of id: SagaID, after sequence: Int, limit: Int
    ) async throws(StoreError) -> [JournalEntry] {
        try await read { try $0.journal(of: id, after: sequence, limit: limit) }
    }

    /// Sagas that match, in order of their ids, and how many there are.
    public func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage {
        try await read { try $0.search(query) }
    }

    /// The children of a stage after an element, in byte order of the elements.
    public func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] {
        try await read { try $0.children(of: parent, stage: stage, after: after, limit: limit) }
    }

    /// How many sagas there are in each status from a saga downwards, and what they have at stake.
    public func census(under root: SagaID?) async throws(StoreError) -> SagaCensus {
        try await read { try $0.census(under: root) }
    }

    /// Notices that match, newest first.
    public func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] {
        try await read { try $0.notices(query) }
    }

    /// Operators' prints on a saga and its descendants, or all, newest first.
    public func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] {
        try await read { try $0.prints(under: root, limit: limit, offset: offset) }
    }

    /// Notices that nobody has put aside and that say of one of these references that it is settled.
    public func settlements(
        of references: [SentReference], for saga: SagaID, limit: Int
    ) async throws(StoreError) -> [StoredNotice] {
        try await read { try $0.settlements(of: references, for: saga, limit: limit) }
    }
}
