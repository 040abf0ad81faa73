internal import SagaEngine

/// A batch that waits for its transaction, and who waits for it.
struct CommitRequest: Sendable {
    let batch: [StoreOperation]
    let lease: Lease?
    /// The lease that it was asked under, when that is of an earlier life of the data: it counts no more, and is not
    /// prolonged.
    var outlived: Lease? = nil
    let finish: @Sendable (Result<[StoreResult], StoreError>) -> Void
}
