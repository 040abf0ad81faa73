extension Gate {
    /// How often the board is visited when nothing is urgent.
    static let pace = Span.milliseconds(500)
    /// How soon after the beginning of one visit the next one may begin.
    private static let shortestPace = Span.milliseconds(10)
    /// The same after one that came to nothing.
    private static let paceOfFailure = Span.milliseconds(200)

    /// Visits the board, about twice a second and whenever something cannot wait, until the task is cancelled.
    ///
    /// Returns at once where there is none. Without it no call begins at a gate that has a board.
    public func keepInTouch() async {
        guard board != nil else { return }
        while !Task.isCancelled {
            let begun = clock.now()
            let wasHeard = await visit()
            await clock.sleep(until: begun + (wasHeard ? Self.shortestPace : Self.paceOfFailure))
            if clock.now() < begun + Self.pace { await rest(until: begun + Self.pace) }
        }
        for waiter in state.withLock({ $0.touch.close() }) { waiter.resume(returning: .visited(false)) }
    }

    private func rest(until moment: Timestamp) async {
        let (bell, clock) = (bell, clock)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait() }
            group.addTask { await clock.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Visits the board once; whether it was reached.
    @discardableResult
    package func visit() async -> Bool {
        guard let board else { return false }
        let visit = drawUp()
        do {
            learn(try await board.receive(visit), from: visit)
            return true
        } catch {
            miss(visit)
            return false
        }
    }

    /// Whether anybody waits for a visit.
    package var isVisitWanted: Bool { state.withLock { $0.touch.isWanted } }

    // MARK: What is told and heard

    /// Whom a visit is about: whoever has limits, and whoever was called without.
    private func parties(_ state: State) -> [CounterpartyName] {
        Set(limits.keys).union(state.machines.keys).sorted { $0.rawValue < $1.rawValue }
    }

    private func drawUp() -> BoardVisit {
        let now = clock.now()
        return state.withLock { state in
            state.touch.begin()
            let from = now + state.touch.roundTrip
            let asks = parties(state).compactMap { party in
                on(party, &state) { $0.ask(party, now: now, from: from) }
            }
            var rooms: [RoomAsk] = []
            if state.touch.lease != nil {
                for asset in state.touch.rooms.keys.sorted() {
                    if let ask = state.touch.rooms[asset]?.ask() { rooms.append(ask) }
                }
            }
            return BoardVisit(
                number: state.touch.visits, runner: runner, lease: state.touch.lease, at: now, parties: asks,
                rooms: rooms)
        }
    }

    private func learn(_ news: BoardNews, from visit: BoardVisit) {
        let now = clock.now()
        let waiters = telling { state in
            state.touch.roundTrip = max(.zero, now - visit.at)
            for (ask, heard) in zip(visit.parties, news.parties) {
                let party = ask.counterparty
                let hearsSwitch = state.touch.hears(party, in: visit.number)
                on(party, &state) { machine in
                    machine.learn(heard, at: visit.at)
                    guard hearsSwitch else { return }
                    machine.setSwitch(off: heard.switchedOffWhy != nil, why: heard.switchedOffWhy ?? "", now: now)
                }
            }
            if visit.lease == state.touch.lease {
                for (ask, room) in zip(visit.rooms, news.rooms) {
                    state.touch.rooms[ByteText(ask.asset)]?.learn(room, for: ask)
                }
            }
            return state.touch.end()
        }
        for waiter in waiters { waiter.resume(returning: .visited(true)) }
    }

    private func miss(_ visit: BoardVisit) {
        let waiters = state.withLock { state in
            for ask in visit.parties { state.machines[ask.counterparty]?.missed(ask) }
            return state.touch.end()
        }
        for waiter in waiters { waiter.resume(returning: .visited(false)) }
    }
}

extension Gate.State {
    /// Whether something should be told or asked at the board at once.
    var isUrgent: Bool { machines.values.contains { $0.shared?.isUrgent == true } }
}

extension GateStateMachine {
    /// The breaker that another runner has opened.
    var openElsewhere: OpenBreaker? { breaker == .closed ? nil : shared?.opened }

    /// Which runner's calls opened the breaker, where several share it.
    func openedBy(here runner: String) -> String? {
        guard let shared, breaker != .closed else { return nil }
        return shared.opened?.by ?? runner
    }

    /// How many calls have failed in a row, here or where the breaker was opened.
    var shownFailures: Int { failuresInARow > 0 ? failuresInARow : openElsewhere?.failures ?? 0 }
}
