/// What a gate tells of a counterparty, and wants to do with it.
public struct PartyAsk: Sendable, Equatable {
    /// Whom it is about.
    public let counterparty: CounterpartyName
    /// What the counterparty is asked to bear by all runners together.
    public let limits: GateLimits
    /// How many calls want to begin.
    public var calls: Int
    /// When the first of them can begin, once the answer has come back.
    public var from: Timestamp
    /// That the breaker has opened here, or that the attempt to see was answered.
    public var report: BreakerReport?
    /// The place of the one that tries whether the counterparty answers again.
    public var probe: Probe
    /// Until when the counterparty wants no calls.
    public var quietUntil: Timestamp?

    /// What becomes of the place of the one that tries.
    public enum Probe: Sendable, Equatable {
        /// It is not had and not wanted.
        case leave
        /// It is wanted, or still needed.
        case hold
        /// It is had and not needed any more.
        case release
    }

    /// Asks for nothing yet.
    public init(
        _ counterparty: CounterpartyName, limits: GateLimits, calls: Int = 0, from: Timestamp,
        report: BreakerReport? = nil, probe: Probe = .leave, quietUntil: Timestamp? = nil
    ) {
        self.counterparty = counterparty
        self.limits = limits
        self.calls = calls
        self.from = from
        self.report = report
        self.probe = probe
        self.quietUntil = quietUntil
    }

    /// Whether it changes nothing at the board.
    public var onlyLooks: Bool { calls == 0 && report == nil && probe == .leave && quietUntil == nil }
}
