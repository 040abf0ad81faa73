internal import SagaEngine

/// A batch that waits for its transaction, and who waits for it.
struct CommitRequest: Sendable {
    let batch: [StoreOperation]
    let lease: Lease?
    let finish: @Sendable (Result<[StoreResult], StoreError>) -> Void
}
