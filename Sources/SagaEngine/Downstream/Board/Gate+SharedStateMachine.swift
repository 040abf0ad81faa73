extension GateStateMachine {
    /// Decides on a call where the counterparty is shared with other runners.
    mutating func enterShared(
        _ call: GateCall, waiting: Int, now: Timestamp, _ afterPause: Bool, _ afterVisit: Bool
    ) -> Decision {
        if switchedOff != nil { return .later(now + .seconds(5), "switched off by an operator") }
        guard shared?.isFresh(now) == true else {
            // What was heard is too old already.
            guard !afterVisit else { return .later(now + .seconds(1), "what other runners do was not heard in time") }
            return visit()
        }
        if let quietUntil, now < quietUntil { return .later(quietUntil, "asked us to come back later") }
        switch breaker {
        case .closed: break
        case .open(let until) where now < until: return .later(until, "circuit breaker open")
        case .open where shared?.probes == true: break
        case .open:
            if let others = shared?.othersProbeUntil, now < others {
                return .later(min(others, now + limits.breakerPause), "circuit breaker open, another runner is trying")
            }
            shared?.wantsProbe = true
            return visit()
        case .trying: return .later(now + limits.breakerPause, "circuit breaker open, one call is trying")
        }
        if underWay >= limits.concurrency || isTaken(call) {
            return waiting < limits.waiting ? .queue : .later(now + .seconds(1), "too many calls wait already")
        }
        return take(call, waiting: waiting, now: now, afterPause, afterVisit)
    }

    /// Has the call use a turn up, wait for one in hand, or for the board to grant one.
    private mutating func take(
        _ call: GateCall, waiting: Int, now: Timestamp, _ afterPause: Bool, _ afterVisit: Bool
    ) -> Decision {
        shared?.forgetPast(now)
        // Each that pauses has a turn of its own.
        guard let shared, shared.ripe(now) <= (afterPause ? 0 : pausing) else {
            self.shared?.begin()
            begin(call)
            return .begin
        }
        let moment = shared.moment(of: pausing) ?? now
        if moment > now {
            guard waiting < limits.waiting else { return .later(moment, "rate limit") }
            pausing += 1
            return .pause(until: moment)
        }
        guard afterVisit else { return visit() }
        // Nothing was to be had: the turns of the next second are taken.
        pausing += 1
        return .pause(until: now + Self.patience)
    }

    /// How long a call waits before it asks again for a turn.
    private static let patience = Span.milliseconds(100)

    private mutating func visit() -> Decision {
        shared?.asking += 1
        return .visit
    }

    /// What to tell and ask at the board.
    mutating func ask(_ party: CounterpartyName, now: Timestamp, from: Timestamp) -> PartyAsk? {
        shared?.ask(party, pausing: pausing, tries: breaker == .trying, now: now, from: from)
    }

    /// Takes note of what was heard and granted.
    mutating func learn(_ news: PartyNews, at moment: Timestamp) {
        shared?.learn(news, at: moment)
        if let quiet = news.quietUntil { quietUntil = max(quiet, quietUntil ?? quiet) }
        // What has happened here since is told with the next visit, and comes after what was heard.
        guard let shared, shared.report == nil else { return }
        self.shared?.opened = news.breaker
        guard let open = news.breaker else {
            guard breaker != .closed else { return }
            turn(.breakerClosed)
            breaker = .closed
            failuresInARow = 0
            (failingSince, lastCode) = (nil, nil)
            return
        }
        if breaker == .trying && news.probes { return }
        if breaker == .closed {
            turns.append(
                GateTurn(
                    .breakerOpened, code: open.code, failures: open.failures, since: open.since, until: open.until,
                    by: open.by))
        }
        breaker = .open(until: open.until)
    }

    /// What was told and asked was not noted, as far as one knows.
    mutating func missed(_ ask: PartyAsk) {
        shared?.missed(ask)
    }
}
