/// The store's own short number for a saga; stable for the saga's life.
public typealias SagaNumber = Int64

/// A saga to be started.
public struct NewSaga: Sendable, Equatable {
    /// Its id, unique for ever.
    public let id: SagaID
    /// The flow and version it runs under.
    public let flow: FlowID
    /// Its input as JSON.
    public let input: [UInt8]
    /// The journal's first link.
    public let genesis: ChainLink

    /// Describes a saga.
    public init(id: SagaID, flow: FlowID, input: [UInt8], genesis: ChainLink) {
        self.id = id
        self.flow = flow
        self.input = input
        self.genesis = genesis
    }
}
