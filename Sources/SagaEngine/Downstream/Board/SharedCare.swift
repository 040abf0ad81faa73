/// What a gate has from the board for one counterparty, and what it wants to tell and ask there at its next visit.
struct SharedCare: Sendable {
    let limits: GateLimits
    let schedule: CallSchedule
    /// Until when it may be relied upon what was heard.
    private(set) var freshUntil: Timestamp?
    private var turns: [CallTurns] = []
    /// How many calls wait for the visit that begins next.
    var asking = 0
    /// How many have begun since the pace was measured.
    private var begun = 0
    private var measuredAt: Timestamp?
    /// How many turns are asked for beyond what waits.
    private var ahead = 0
    /// What has not been told yet.
    var report: BreakerReport?
    var quietToTell: Timestamp?
    var wantsProbe = false
    private(set) var probes = false
    private(set) var othersProbeUntil: Timestamp?
    /// The breaker as the board has it.
    var opened: OpenBreaker?

    /// For how long what was heard is relied upon: so late, at most, a switch thrown elsewhere holds here.
    static let freshness = Span.seconds(1)

    init(_ limits: GateLimits) {
        self.limits = limits
        schedule = CallSchedule(limits)
    }

    func isFresh(_ now: Timestamp) -> Bool { freshUntil.map { now < $0 } ?? false }

    /// Whether something should be told or asked before the next visit is due.
    var isUrgent: Bool { asking > 0 || report != nil || quietToTell != nil || inHand * 2 < ahead && begun > 0 }

    // MARK: Turns

    private var inHand: Int { turns.reduce(0) { $0 + $1.count } }

    /// Lets go of turns that are over.
    mutating func forgetPast(_ now: Timestamp) {
        let over = CallSchedule.nanoseconds(now) - schedule.length
        while var first = turns.first {
            guard first.first <= over else { return }
            let gone = min(Int64(first.count), (over - first.first) / schedule.spacing + 1)
            first.first += gone * schedule.spacing
            first.count -= Int(gone)
            if first.count == 0 { turns.removeFirst() } else { turns[0] = first }
        }
    }

    /// How many turns can be used now.
    func ripe(_ now: Timestamp) -> Int {
        let now = CallSchedule.nanoseconds(now)
        var ripe = 0
        for turn in turns {
            guard turn.first <= now else { break }
            ripe += Int(min(Int64(turn.count), (now - turn.first) / schedule.spacing + 1))
        }
        return ripe
    }

    /// When a turn begins, counted from the first in hand; `nil` when there are not so many.
    func moment(of place: Int) -> Timestamp? {
        var place = place
        for turn in turns {
            if place < turn.count { return CallSchedule.moment(turn.first + Int64(place) * schedule.spacing) }
            place -= turn.count
        }
        return nil
    }

    /// Uses the first turn up.
    mutating func begin() {
        begun += 1
        guard !turns.isEmpty else { return }
        turns[0].first += schedule.spacing
        turns[0].count -= 1
        if turns[0].count == 0 { turns.removeFirst() }
    }

    // MARK: Visits

    /// What to tell and ask.
    ///
    /// - Parameters:
    ///   - party: The counterparty.
    ///   - pausing: How many calls wait for turns in hand.
    ///   - tries: Whether this gate's call that tries is under way.
    ///   - now: The moment.
    ///   - from: When the answer will have come back.
    /// - Returns: What the visit that begins now says of the counterparty.
    mutating func ask(
        _ party: CounterpartyName, pausing: Int, tries: Bool, now: Timestamp, from: Timestamp
    ) -> PartyAsk {
        forgetPast(now)
        measure(now)
        let probe: PartyAsk.Probe = wantsProbe || tries ? .hold : probes ? .release : .leave
        let ask = PartyAsk(
            party, limits: limits, calls: max(0, asking + ahead - max(0, inHand - pausing)), from: from,
            report: report, probe: probe, quietUntil: quietToTell)
        (asking, report, quietToTell, wantsProbe) = (0, nil, nil, false)
        return ask
    }

    private mutating func measure(_ now: Timestamp) {
        guard let before = measuredAt else {
            measuredAt = now
            return
        }
        let elapsed = (now - before).milliseconds
        guard elapsed >= 100 else { return }
        // A quarter of a second's worth, so that a steady pace needs a visit about as often.
        ahead = min(begun * 250 / Int(min(elapsed, 10_000)), limits.rate / 4 + 1)
        (begun, measuredAt) = (0, now)
    }

    /// Takes note of what was granted and heard, but for the breaker.
    mutating func learn(_ news: PartyNews, at moment: Timestamp) {
        freshUntil = moment + Self.freshness
        if news.turns.count > 0 { add(news.turns) }
        probes = news.probes
        othersProbeUntil = news.othersProbeUntil
    }

    private mutating func add(_ granted: CallTurns) {
        if let last = turns.last, last.first + Int64(last.count) * schedule.spacing == granted.first {
            turns[turns.count - 1].count += granted.count
        } else {
            turns.append(granted)
        }
    }

    /// What was to be told has not been noted, as far as one knows: it is told again, unless there is newer.
    mutating func missed(_ ask: PartyAsk) {
        report = report ?? ask.report
        quietToTell = quietToTell ?? ask.quietUntil
    }
}
