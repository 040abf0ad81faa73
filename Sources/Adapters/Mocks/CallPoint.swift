public import SagaEngine

/// One call to a mock, numbered over all counterparties of its world from 1.
public struct CallPoint: Sendable, Equatable {
    /// Its number.
    public let number: Int
    /// Whom it goes to.
    public let party: CounterpartyName
    /// What it asks: `deliver`, `find` or `resend`.
    public let verb: CallVerb
    /// The effect it is about.
    public let key: IdempotencyKey
}
