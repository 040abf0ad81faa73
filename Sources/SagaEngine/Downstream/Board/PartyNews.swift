/// How a counterparty stands for all runners, and what is granted to one of them.
public struct PartyNews: Sendable, Equatable {
    /// Turns to begin calls in.
    public let turns: CallTurns
    /// The breaker, while it is open.
    public let breaker: OpenBreaker?
    /// Whether the visitor is the one that tries.
    public let probes: Bool
    /// Until when another runner is the one that tries, at the latest.
    public let othersProbeUntil: Timestamp?
    /// Until when the counterparty wants no calls.
    public let quietUntil: Timestamp?
    /// Who has switched it off, when and why; `nil` while it is on.
    public var switchedOffWhy: String?

    /// States news.
    public init(
        turns: CallTurns = CallTurns(), breaker: OpenBreaker? = nil, probes: Bool = false,
        othersProbeUntil: Timestamp? = nil, quietUntil: Timestamp? = nil, switchedOffWhy: String? = nil
    ) {
        self.turns = turns
        self.breaker = breaker
        self.probes = probes
        self.othersProbeUntil = othersProbeUntil
        self.quietUntil = quietUntil
        self.switchedOffWhy = switchedOffWhy
    }
}
