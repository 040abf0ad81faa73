/// Decides, without doing anything, which calls to one counterparty may begin.
struct GateStateMachine: Sendable {
    let limits: GateLimits
    /// What is shared with other runners' gates; `nil` for one that stands alone.
    var shared: SharedCare?
    private(set) var switchedOff: Switch?
    private(set) var underWay = 0
    var breaker = Breaker.closed
    private var lanes: [ByteText: Int] = [:]
    var failuresInARow = 0
    /// Since when there have been only failures, and the code of the last.
    var failingSince: Timestamp?
    var lastCode: String?
    /// What has changed and has not been told yet.
    var turns: [GateTurn] = []
    var quietUntil: Timestamp?
    /// Tokens of the rate limit, in thousandths.
    private var tokens: Int64
    /// How many calls pause until the rate has room for them; each has a token in prospect that no newcomer takes.
    var pausing = 0
    private var refilledAt: Timestamp?

    /// How the breaker stands.
    enum Breaker: Sendable, Equatable {
        case closed
        case open(until: Timestamp)
        /// One call is let through to see.
        case trying
    }

    /// That an operator has switched it off.
    struct Switch: Sendable, Equatable {
        let since: Timestamp
        let why: String
    }

    enum Decision: Sendable, Equatable {
        case begin
        /// There will be a place as soon as another call ends.
        case queue
        /// There will be one in a moment.
        case pause(until: Timestamp)
        /// Other runners have to be asked first.
        case visit
        case later(Timestamp, String)
    }

    init(limits: GateLimits, isShared: Bool = false) {
        self.limits = limits
        shared = isShared ? SharedCare(limits) : nil
        tokens = Int64(limits.burst) * 1_000
    }

    /// Decides on a call; one that comes back from its pause, or after other runners were asked, says so.
    mutating func enter(
        _ call: GateCall, waiting: Int, now: Timestamp, afterPause: Bool = false, afterVisit: Bool = false
    ) -> Decision {
        if afterPause { pausing -= 1 }
        if shared != nil { return enterShared(call, waiting: waiting, now: now, afterPause, afterVisit) }
        if switchedOff != nil { return .later(now + .seconds(5), "switched off by an operator") }
        if let quietUntil, now < quietUntil { return .later(quietUntil, "asked us to come back later") }
        switch breaker {
        case .closed: break
        case .open(let until) where now < until: return .later(until, "circuit breaker open")
        case .open: break
        case .trying: return .later(now + limits.breakerPause, "circuit breaker open, one call is trying")
        }
        if underWay >= limits.concurrency || isTaken(call) {
            return waiting < limits.waiting ? .queue : .later(now + .seconds(1), "too many calls wait already")
        }
        refill(now: now)
        // Each that pauses has a moment of its own: of all that wake for one token, all but one would do so in vain.
        let needed = afterPause ? 1_000 : Int64(pausing + 1) * 1_000
        guard tokens >= needed else {
            let missing = (Int64(pausing + 1) * 1_000 - tokens + Int64(limits.rate) - 1) / Int64(limits.rate)
            let moment = now + .milliseconds(max(1, missing))
            guard waiting < limits.waiting else { return .later(moment, "rate limit") }
            pausing += 1
            return .pause(until: moment)
        }
        tokens -= 1_000
        begin(call)
        return .begin
    }

    mutating func begin(_ call: GateCall) {
        underWay += 1
        if let lane = call.heldLane { lanes[lane, default: 0] += 1 }
        if case .open = breaker {
            breaker = .trying
            turn(.breakerTrying)
        }
    }

    mutating func leave(_ call: GateCall, outcome: CallOutcome, now: Timestamp) {
        underWay -= 1
        if let lane = call.heldLane, let count = lanes[lane] { lanes[lane] = count > 1 ? count - 1 : nil }
        switch outcome {
        case .answered:
            // What is open for all runners is closed by the one call that tries.
            if breaker != .closed, shared == nil || breaker == .trying {
                turn(.breakerClosed)
                breaker = .closed
                shared?.report = .closed
            }
            failuresInARow = 0
            (failingSince, lastCode) = (nil, nil)
        case .failed(let failure): failed(failure, now: now)
        case .failedTogether(let failure):
            // The one that tries whether it is back has to say so itself; of the others, one call is one failure.
            if breaker == .trying { failed(failure, now: now) } else { pause(failure, now: now) }
        case .notMade:
            if breaker == .trying { breaker = .open(until: now) }
        }
    }

    private mutating func failed(_ failure: CallFailure, now: Timestamp) {
        failuresInARow += 1
        failingSince = failingSince ?? now
        lastCode = failure.code
        if breaker == .trying || failuresInARow >= limits.breakerFailures {
            let before = breaker
            let until = now + limits.breakerPause
            breaker = .open(until: until)
            shared?.report = .opened(until: until, code: lastCode, failures: failuresInARow, since: failingSince)
            switch before {
            case .closed: turn(.breakerOpened, until: until)
            case .trying: turn(.breakerReopened, until: until)
            // A call that was under way when it opened.
            case .open: break
            }
        }
        pause(failure, now: now)
    }

    private mutating func pause(_ failure: CallFailure, now: Timestamp) {
        guard let pause = failure.retryAfter else { return }
        let isQuiet = quietUntil.map { now < $0 } ?? false
        let until = max(quietUntil ?? now, now + pause)
        quietUntil = until
        shared?.quietToTell = until
        if !isQuiet && until > now { turn(.askedToWait, until: until) }
    }

    mutating func turn(_ kind: GateTurn.Kind, until: Timestamp? = nil) {
        turns.append(GateTurn(kind, code: lastCode, failures: failuresInARow, since: failingSince, until: until))
    }

    /// Until when no call is let through, by the breaker or because the counterparty asked for a pause.
    var closedUntil: Timestamp? {
        guard case .open(let until) = breaker else { return quietUntil }
        return max(until, quietUntil ?? until)
    }

    /// What has changed since this was asked last.
    mutating func takeTurns() -> [GateTurn] {
        guard !turns.isEmpty else { return [] }
        defer { turns = [] }
        return turns
    }

    /// A call that paused does not come back.
    mutating func givePauseUp() {
        pausing -= 1
    }

    /// Switches it off or on; `why` is kept for people while it is off.
    mutating func setSwitch(off: Bool, why: String = "", now: Timestamp) {
        if off, switchedOff == nil {
            switchedOff = Switch(since: now, why: why)
            turns.append(GateTurn(.switchedOff, since: now))
        } else if !off, let was = switchedOff {
            switchedOff = nil
            turns.append(GateTurn(.switchedOn, since: was.since))
        }
    }

    func isTaken(_ call: GateCall) -> Bool {
        guard let lane = call.heldLane else { return false }
        return lanes[lane, default: 0] >= limits.lane
    }

    private mutating func refill(now: Timestamp) {
        defer { refilledAt = now }
        guard let refilledAt, now > refilledAt else { return }
        let elapsed = min((now - refilledAt).milliseconds, 60_000)
        tokens = min(Int64(limits.burst) * 1_000, tokens + elapsed * Int64(limits.rate))
    }
}

extension GateCall {
    /// Questions hold no lane: they can be asked while a delivery is under way.
    var heldLane: ByteText? { verb == .deliver ? lane.map { ByteText($0) } : nil }
}
