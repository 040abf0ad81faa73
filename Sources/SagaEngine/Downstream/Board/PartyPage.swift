/// What the board has on a counterparty, and the rules by which it changes; a board keeps one for each.
public struct PartyPage: Sendable, Equatable {
    /// Up to when turns to call have been granted, in nanoseconds since 1970-01-01T00:00:00Z.
    public var taken: Int64
    /// The breaker, while it is open.
    public var breaker: OpenBreaker?
    /// Who tries whether the counterparty answers again.
    public var probe: Probe?
    /// Until when the counterparty wants no calls.
    public var quietUntil: Timestamp?

    /// A runner that tries.
    public struct Probe: Sendable, Equatable {
        /// The runner's name.
        public let by: String
        /// Until when it has the place if it does not come back.
        public let until: Timestamp

        /// Names who tries.
        public init(by: String, until: Timestamp) {
            self.by = by
            self.until = until
        }
    }

    /// For how long the place of the one that tries is kept without a visit: longer than a call takes.
    public static let probeLease = Span.seconds(30)

    /// A page on which nothing stands yet.
    public init(
        taken: Int64 = 0, breaker: OpenBreaker? = nil, probe: Probe? = nil, quietUntil: Timestamp? = nil
    ) {
        self.taken = taken
        self.breaker = breaker
        self.probe = probe
        self.quietUntil = quietUntil
    }

    /// Notes what a runner tells and grants what it asks for.
    public mutating func receive(_ ask: PartyAsk, of runner: String, at now: Timestamp) -> PartyNews {
        if let quiet = ask.quietUntil { quietUntil = max(quiet, quietUntil ?? quiet) }
        note(ask.report, of: runner, at: now)
        give(ask.probe, to: runner, at: now)
        let turns = CallSchedule(ask.limits).grant(ask.calls, from: max(now, ask.from), taken: &taken)
        return news(for: runner, at: now, turns)
    }

    /// How things stand for a runner that asks for nothing.
    public func news(for runner: String, at now: Timestamp, _ turns: CallTurns = CallTurns()) -> PartyNews {
        let others = probe.flatMap { $0.by != runner && now < $0.until ? $0.until : nil }
        return PartyNews(
            turns: turns, breaker: breaker, probes: probe.map { $0.by == runner && now < $0.until } ?? false,
            othersProbeUntil: others, quietUntil: quietUntil)
    }

    private mutating func note(_ report: BreakerReport?, of runner: String, at now: Timestamp) {
        switch report {
        case nil: break
        case .opened(let until, let code, let failures, let since):
            if var known = breaker {
                known.until = max(known.until, until)
                breaker = known
            } else {
                breaker = OpenBreaker(until: until, by: runner, code: code, failures: failures, since: since)
            }
            if probe?.by == runner { probe = nil }
        case .closed:
            // One that was late, while another tries already, leaves it to that.
            guard probe.map({ $0.by == runner || $0.until <= now }) ?? true else { return }
            breaker = nil
            probe = nil
        }
    }

    private mutating func give(_ wish: PartyAsk.Probe, to runner: String, at now: Timestamp) {
        switch wish {
        case .leave: break
        case .release: if probe?.by == runner { probe = nil }
        case .hold:
            guard let breaker, breaker.until <= now else { return }
            guard probe.map({ $0.by == runner || $0.until <= now }) ?? true else { return }
            probe = Probe(by: runner, until: now + Self.probeLease)
        }
    }
}
