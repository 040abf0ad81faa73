internal import SagaEngine

/// A refusal inside an operation: what the operation wrote is undone and this is its result.
struct OperationRefused: Error {
    let result: StoreResult
}
