/// What an operator did or was refused; kept for ever in the audit chain.
public struct OperatorPrint: Sendable, Equatable, Codable {
    /// Who.
    public let actor: String
    /// In which role.
    public let role: String
    /// What: `retry`, `resume` and so on.
    public let action: String
    /// On which saga, if on one.
    public let saga: SagaID?
    /// Why, in the operator's words.
    public let reason: String
    /// The saga's last sequence number as the operator saw it.
    public let version: Int?
    /// `done`, or the code of the refusal.
    public let outcome: String
    /// What else there is to say, such as the stage, the line or the evidence's digest.
    public let detail: String

    /// Describes an operator's action.
    public init(
        actor: String, role: String, action: String, saga: SagaID?, reason: String, version: Int?, outcome: String,
        detail: String
    ) {
        self.actor = actor
        self.role = role
        self.action = action
        self.saga = saga
        self.reason = reason
        self.version = version
        self.outcome = outcome
        self.detail = detail
    }
}

/// An operator's print with its place and time.
public struct StoredPrint: Sendable, Equatable {
    /// Its place among all prints.
    public let number: Int64
    /// When, by the store's clock.
    public let at: Timestamp
    /// The print.
    public let print: OperatorPrint

    /// Takes a print as stored.
    public init(number: Int64, at: Timestamp, print: OperatorPrint) {
        self.number = number
        self.at = at
        self.print = print
    }
}
