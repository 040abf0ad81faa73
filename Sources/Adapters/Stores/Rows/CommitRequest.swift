internal import SagaEngine

/// Where a value of the books stands.
struct ValuePlace: Sendable {
    let space: ByteText
    let key: ByteText
}

/// A batch that waits for its transaction, and who waits for it.
struct CommitRequest: Sendable {
    let batch: [StoreOperation]
    let lease: Lease?
    /// The lease that it was asked under, when that is of an earlier life of the data: it counts no more, and is not
    /// prolonged.
    var outlived: Lease? = nil
    /// The values of the books that the batch's records read, where somebody asked their handlers.
    var reads: [ValuePlace] = []
    let finish: @Sendable (Result<[StoreResult], StoreError>) -> Void
}
