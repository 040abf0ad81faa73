/// Which stage a record was caused by.
public struct RecordCause: Sendable, Equatable {
    /// The saga.
    public let saga: SagaID
    /// The stage.
    public let stage: StageName
    /// When, by the store's clock.
    public let at: Timestamp

    /// Names a cause.
    public init(saga: SagaID, stage: StageName, at: Timestamp) {
        self.saga = saga
        self.stage = stage
        self.at = at
    }
}
