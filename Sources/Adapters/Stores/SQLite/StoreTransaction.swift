public import SagaEngine

/// What one durable transaction of the store carried out.
public struct StoreTransaction: Sendable {
    /// The operations, in the order they were carried out.
    public let operations: [StoreOperation]
    /// The lease that claims and appends stood under, if any did.
    public let lease: Lease?

    /// Describes a transaction.
    public init(operations: [StoreOperation], lease: Lease?) {
        self.operations = operations
        self.lease = lease
    }
}
