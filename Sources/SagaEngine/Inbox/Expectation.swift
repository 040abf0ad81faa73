/// What a stage will accept as the notice about its request; written with the intent, so that no genuine notice can
/// come before it.
public struct Expectation: Sendable, Equatable {
    /// The counterparty whose webhook the notice will come to.
    public let source: CounterpartyName
    /// Our reference in the counterparty's format.
    public let reference: String
    /// The effect it is about.
    public let key: IdempotencyKey

    /// States an expectation.
    public init(source: CounterpartyName, reference: String, key: IdempotencyKey) {
        self.source = source
        self.reference = reference
        self.key = key
    }
}
