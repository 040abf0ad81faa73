/// A request for sagas that have something to do and that the runner is able to run.
public struct ClaimRequest: Sendable, Equatable {
    /// How many at most.
    public let limit: Int
    /// The flows and versions that the runner knows; no other saga is ever claimed.
    public let flows: [FlowID]

    /// Asks for work.
    public init(limit: Int, flows: [FlowID]) {
        self.limit = limit
        self.flows = flows
    }
}

/// A saga taken, with the number that fences everybody who held it before.
public struct Claim: Sendable, Equatable {
    /// The saga.
    public let number: SagaNumber
    /// Rises with every claim of this saga.
    public let fence: Int64

    /// Takes a claim as granted.
    public init(number: SagaNumber, fence: Int64) {
        self.number = number
        self.fence = fence
    }
}
