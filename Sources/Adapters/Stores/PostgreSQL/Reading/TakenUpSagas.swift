internal import SagaEngine

/// Sagas that were claimed and of which everything is known, so that nothing has to be read before they go on.
///
/// That is so where a saga's row was, when it was claimed, the one that this process had written when the saga was
/// started or put to sleep, or since then when it kept notices for it: whatever else comes for a saga that nobody holds
/// writes its row.
final class TakenUpSagas: Sendable {
    /// A claimed saga, but for its journal.
    struct TakenUp: Sendable {
        let saga: BatchSaga
        /// The notices that wait for it, in their order.
        let notices: [StoredNotice]
        let lastNotice: Int64
        /// When the lease ends that it is held under, as far as is known.
        let heldUntil: Timestamp
    }

    private let sagas = Locked(RecentTable<SagaNumber, TakenUp>(limit: BatchMemory.limit))

    /// Takes note of what a transaction has touched, which is not as it was claimed any longer, and of what it has
    /// claimed.
    func note(touched: some Sequence<SagaNumber>, taken: some Sequence<TakenUp>) {
        sagas.withLock { sagas in
            for number in touched { sagas[number] = nil }
            for one in taken { sagas[one.saga.number] = one }
        }
    }

    /// The claimed sagas that can go on as they are known. What is handed out is forgotten, and so is what is asked for
    /// after its lease has ended: somebody may have taken it over.
    func load(
        _ claims: [Claim], _ journals: JournalMemory, at now: Timestamp
    ) throws(StoreError) -> [LoadedSaga?] {
        let known = sagas.withLock { sagas in
            claims.map { claim in
                let one = sagas[claim.number]
                sagas[claim.number] = nil
                return one.flatMap { $0.saga.fence == claim.fence && $0.heldUntil > now ? $0 : nil }
            }
        }
        let recollections = journals.recall(known.lazy.compactMap { $0?.saga.number })
        var loaded: [LoadedSaga?] = []
        for (claim, one) in zip(claims, known) {
            guard let one, let recollection = recollections[claim.number] else {
                loaded.append(nil)
                continue
            }
            loaded.append(try Self.loaded(claim, one, recollection))
        }
        return loaded
    }

    /// Forgets everything: the database is another one now.
    func forget() {
        sagas.withLock { $0.removeAll() }
    }

    private static func loaded(
        _ claim: Claim, _ taken: TakenUp, _ recollection: JournalMemory.Recollection
    ) throws(StoreError) -> LoadedSaga? {
        let saga = taken.saga
        guard saga.sequence == recollection.journal.count, saga.head == recollection.head else { return nil }
        let exposures = try saga.exposures.withUnsafeBytes { bytes in
            Result { () throws(StoreError) in try ExposureText.read(bytes) }
        }.get()
        let standing = Standing(
            status: saga.status, predicament: saga.predicament, exposures: exposures, pivoted: saga.pivoted)
        var page = NoticePage()
        for notice in taken.notices where page.hasRoom(for: notice.number, about: notice.notice.reference) {
            page.take(notice)
        }
        return LoadedSaga(
            claim: claim,
            row: recollection.row(
                standing, wakeAt: nil, openChildren: 0, updatedAt: saga.updated ?? recollection.row.updatedAt),
            journal: recollection.journal, notices: page.notices, firstLeftOut: page.firstLeftOut,
            lastNotice: taken.lastNotice)
    }
}
