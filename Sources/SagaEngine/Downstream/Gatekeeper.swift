/// Care for a counterparty: who may call now, and who comes back later. Asked right before each call.
public protocol Gatekeeper: Sendable {
    /// Waits for a free place if one is soon to be had, or says when to come back.
    func enter(_ call: GateCall) async -> Admission

    /// Gives the place back and tells how the call went.
    func leave(_ call: GateCall, outcome: CallOutcome) async

    /// Takes room for an amount that is about to be at stake, if the limit on money in flight leaves any.
    func reserve(_ exposure: Exposure) -> Admission

    /// Gives room back (negative), or takes some without asking, as when a runner starts.
    func adjust(_ asset: String, by amount: Int128)
}

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
}

/// How a call went, as far as care for the counterparty is concerned.
public enum CallOutcome: Sendable, Equatable {
    /// It answered.
    case answered
    /// It did not, or said that it is in trouble.
    case failed(retryAfter: Span?)
}

/// Lets everybody through.
public struct OpenGate: Gatekeeper {
    /// Makes a gate without limits.
    public init() {}

    /// Lets the call through.
    public func enter(_ call: GateCall) async -> Admission { .granted }

    /// Takes no note.
    public func leave(_ call: GateCall, outcome: CallOutcome) async {}

    /// Sets no limit.
    public func reserve(_ exposure: Exposure) -> Admission { .granted }

    /// Takes no note.
    public func adjust(_ asset: String, by amount: Int128) {}
}
