internal import SagaEngine

/// The rows of sagas in hands, as this process's own commits have left them.
///
/// A runner's next append to such a saga is decided by what is remembered here, and its row is neither read nor locked
/// before it is written. The statement that writes it expects the version which is remembered: whatever has changed the
/// row since makes the batch begin again, with everything forgotten and read.
struct HeldSagas {
    /// The most sagas that are remembered: some are taken from a runner without its being told.
    static let limit = 16_384

    private var sagas: [SagaNumber: BatchSaga] = [:]

    /// The sagas of requests that can be decided by what is remembered: each is held as the append's writer says, and
    /// nothing that it depends on may change without its row, except for notices, which are looked for once more when
    /// the row is written.
    func known(to requests: [CommitRequest]) -> [SagaNumber: BatchSaga] {
        guard !sagas.isEmpty else { return [:] }
        var known: [SagaNumber: BatchSaga] = [:]
        var others: [SagaNumber] = []
        for request in requests {
            for case .append(let append) in request.batch {
                if let saga = sagas[append.saga], Self.suffices(saga, for: append, under: request.lease) {
                    known[append.saga] = saga
                } else {
                    others.append(append.saga)
                }
            }
        }
        for saga in others { known[saga] = nil }
        return known
    }

    private static func suffices(_ saga: BatchSaga, for append: Append, under lease: Lease?) -> Bool {
        guard case .claim(let fence) = append.right, let lease, saga.holder == lease.epoch, saga.fence == fence else {
            return false
        }
        if case .sleep(let wake) = append.disposition { return !wake.onChildren }
        return true
    }

    /// Remembers what a transaction has left of its sagas and what it has claimed.
    mutating func remember(_ batch: Batch, _ claimed: [BatchSaga], as transaction: Int64) {
        if sagas.count > Self.limit || !batch.changes.endedLeases.isEmpty { sagas = [:] }
        let version = BatchSaga.version(of: transaction)
        for var saga in batch.sagas.values {
            guard saga.holder != nil, !saga.hasEnded, batch.changes.endedLeases.isEmpty else {
                sagas[saga.number] = nil
                continue
            }
            if saga.change > .none { saga.version = version }
            saga.change = .none
            sagas[saga.number] = saga
        }
        for var saga in claimed {
            saga.version = version
            sagas[saga.number] = saga
        }
    }

    /// Forgets everything.
    mutating func forget() { sagas = [:] }
}
