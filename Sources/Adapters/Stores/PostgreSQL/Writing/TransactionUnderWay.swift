internal import SagaEngine

/// A transaction whose writes and commit are sent, and whose answers have not been read.
struct TransactionUnderWay {
    let requests: [CommitRequest]
    let session: PostgresSession
    let batch: Batch
    let decided: [[StoreResult]]
    let writing: BatchWriting
    /// How its transaction began, and how many of the answers are about that.
    let opening: Opening
    let openingCount: Int
    /// Whether it was decided by what was not read for it.
    let usesMemory: Bool

    var answerCount: Int { openingCount + writing.calls.count + 1 }
    var operationCount: Int { decided.reduce(0) { $0 + $1.count } }

    /// Whether other batches neither need what it writes nor write the same rows.
    func isApart(from others: [CommitRequest]) -> Bool {
        others.allSatisfy(isApart) && requests.allSatisfy { $0.batch.allSatisfy(\.isPlain) }
    }

    private func isApart(from request: CommitRequest) -> Bool {
        let values = batch.changes.values
        guard
            values.isEmpty
                || request.reads.allSatisfy({ place in
                    BookKey(place, session.names).map { values[$0] == nil } ?? true
                })
        else { return false }
        return request.batch.allSatisfy { operation in
            guard case .append(let append) = operation else { return operation.isPlain }
            return operation.isPlain && batch.sagas[append.saga] == nil
        }
    }
}
