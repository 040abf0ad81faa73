/// What people and the engine read from a store. Every read sees one consistent state.
public protocol SagaArchive: Sendable {
    /// One saga's row, or `nil`.
    func row(of id: SagaID) async throws(StoreError) -> SagaRow?

    /// A saga's journal entries after a sequence number, oldest first.
    func journal(of id: SagaID, after sequence: Int, limit: Int) async throws(StoreError) -> [JournalEntry]

    /// Sagas that match, in order of their ids, and how many there are.
    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage

    /// The children of a stage after an element, in byte order of the elements.
    func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow]

    /// How many sagas there are in each status, and what they have at stake: a saga and its descendants, or all.
    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus

    /// Notices that match, newest first.
    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice]

    /// Operators' prints on a saga and its descendants, or all, newest first.
    func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint]
}
