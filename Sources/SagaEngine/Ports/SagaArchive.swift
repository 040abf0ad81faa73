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

    /// What says now that one of these references is settled and that nobody has put aside: a saga's fresh and
    /// conflicting notices with that verdict, without their bodies, those of the first reference first and in order of
    /// arrival, at most so many.
    ///
    /// Looked at right before something is sent that relies on a refusal; one that is `fresh` and made `conflicting`
    /// meanwhile must not be missed.
    func settlements(
        of references: [SentReference], for saga: SagaID, limit: Int
    ) async throws(StoreError) -> [StoredNotice]

    /// Operators' prints on a saga and its descendants, or all, newest first.
    func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint]
}

extension SagaArchive {
    /// The same for a store that has no better way: it looks through all of the saga's undecided notices.
    public func settlements(
        of references: [SentReference], for saga: SagaID, limit: Int
    ) async throws(StoreError) -> [StoredNotice] {
        var found: [StoredNotice] = []
        // In this order: one that a turn decides about meanwhile is seen as the one, the other, or both.
        for standing in [NoticeStanding.fresh, .conflicting] {
            var query = NoticeQuery(standing: standing, saga: saga, withBodies: false, limit: SagaQuery.maximumLimit)
            while true {
                let page = try await notices(query)
                found += page.filter { notice in
                    notice.notice.claim.verdict == .settled && !found.contains { $0.number == notice.number }
                }
                if page.count < query.limit { break }
                query.offset += page.count
            }
        }
        found.sort { $0.number < $1.number }
        let sorted = references.flatMap { sent in found.filter { $0.notice.reference == sent } }
        return Array(sorted.prefix(max(0, limit)))
    }
}
