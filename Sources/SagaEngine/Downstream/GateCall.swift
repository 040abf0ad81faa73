/// A call that wants to be made.
public struct GateCall: Sendable, Equatable {
    /// Who is called.
    public let counterparty: CounterpartyName
    /// What for.
    public let verb: CallVerb
    /// What may be worked on only one call at a time, if anything.
    public let lane: String?
    /// What a delivery puts at stake.
    public let exposure: Exposure?

    /// Describes a call.
    public init(counterparty: CounterpartyName, verb: CallVerb, lane: String?, exposure: Exposure?) {
        self.counterparty = counterparty
        self.verb = verb
        self.lane = lane
        self.exposure = exposure
    }
}

/// Whether a call may be made.
public enum Admission: Sendable, Equatable {
    /// Now; ``Gatekeeper/leave(_:outcome:)`` follows.
    case granted
    /// Not now; nothing is counted as an attempt.
    case later(at: Timestamp, reason: String)
    /// Not as things are set, however long one waits: a person has to change that.
    case never(reason: String)
}

/// How a call went, as far as care for the counterparty is concerned.
public enum CallOutcome: Sendable, Equatable {
    /// It answered.
    case answered
    /// It did not, or said that it is in trouble.
    case failed(CallFailure)
    /// The same, in a call that carried other instructions, too, and that one of those reports as failed.
    case failedTogether(CallFailure)
    /// It was not made after all; that says nothing about the counterparty.
    case notMade
}
