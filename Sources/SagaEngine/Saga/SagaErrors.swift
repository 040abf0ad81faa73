/// A refusal that the counterparty has proved. A flow may handle it; unhandled, it makes the saga stuck.
public struct Refusal: Error, Sendable, Equatable {
    /// The effect that was refused.
    public let key: IdempotencyKey
    /// The counterparty that refused.
    public let counterparty: CounterpartyName
    /// Why.
    public let reason: RefusalReason
}

/// Stops a saga that an operator has called off or taken out: what has moved already forbids it, and `resume` takes the
/// action back.
///
/// A flow throws it before it puts anything back; once a calling off is past its point of no return, it halts.
public struct CannotTurnBack: Error, Sendable, Equatable {
    /// What stands in the way and what would be right, for the operator.
    public let message: String

    /// Refuses.
    public init(message: String) {
        self.message = message
    }
}

/// Stops a saga in front of a person: a rule of the business says that it must not go on.
public struct Halt: Error, Sendable, Equatable {
    /// A bounded code, fit for metrics.
    public let code: String
    /// What is wrong and what would mend it, for the operator.
    public let message: String

    /// Stops the saga.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
