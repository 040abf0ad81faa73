internal import SagaEngine

/// What a transaction does to the sagas in ``ClaimedSagas``: it offers those that it claims, and takes back those to
/// which something else happens before they are loaded.
struct Offers {
    private(set) var taken: [LoadedSaga] = []
    private(set) var touched: [SagaNumber] = []

    /// Offers a claimed saga as it is now.
    mutating func offer(_ past: SagaPast, for claim: Claim, openChildren: Int64) {
        taken.append(past.loaded(for: claim, openChildren: openChildren))
        past.isOffered = true
    }

    /// Something happens to a saga.
    mutating func touch(_ saga: WritableSaga) {
        guard let past = saga.past, past.isOffered else { return }
        past.isOffered = false
        touch(saga.number)
    }

    /// The same of a saga of which nothing was in memory; it may have been offered before that was forgotten.
    mutating func touch(_ number: SagaNumber) {
        taken.removeAll { $0.claim.number == number }
        touched.append(number)
    }

    mutating func removeAll() {
        taken.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
    }
}
