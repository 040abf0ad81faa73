public import SagaEngine

/// The counterparties in process: the sandbox's own model without sockets, on an injected clock.
///
/// Completions and notices happen in ``run()``, a service that the test starts, or by hand with ``advance()``. Nothing
/// else runs by itself, and all chance comes from the fault plan's seed.
public final class MockWorld: Sendable {
    private let clock: any SagaClock
    private let state: Locked<State>
    private let signal = WakeSignal()

    private struct State {
        var world: SimulatedWorld
        var hooks: MockHooks
        var calls = 0
        var journal: [CounterpartyName: [PartyEvent]] = [:]
    }

    /// A world of some counterparties.
    public init(
        profiles: [PartyProfile] = [.custodian(), .blockchain(), .bank()], faults: FaultPlan = FaultPlan(),
        clock: any SagaClock, hooks: MockHooks = MockHooks()
    ) {
        self.clock = clock
        state = Locked(State(world: SimulatedWorld(profiles: profiles, faults: faults), hooks: hooks))
    }

    /// One of the counterparties, as the engine's port.
    ///
    /// - Parameters:
    ///   - name: one of the profiles' names.
    ///   - instructions: the kinds it understands.
    ///   - settlement: what settles money there.
    ///   - mapping: how an instruction becomes an order.
    /// - Returns: the counterparty.
    public func counterparty(
        _ name: CounterpartyName, instructions: Set<String>,
        settlement: CounterpartyTerms.SettlementEvidence = .noticeOrFind,
        mapping: @escaping SandboxOrder.Mapping = SandboxOrder.plain
    ) -> MockCounterparty {
        let quiet = state.withLock { $0.world.profiles[name]?.quietTime } ?? .zero
        let terms = CounterpartyTerms(
            name: name, quietTime: quiet, keyRetention: .forever, settlement: settlement, instructions: instructions)
        return MockCounterparty(terms: terms, mapping: mapping, world: self)
    }

    /// Takes other hooks from now on: a test's next process.
    public func hook(_ hooks: MockHooks) {
        state.withLock { $0.hooks = hooks }
        signal.wake()
    }

    /// Changes the model: opens accounts, freezes them, adds or quiets faults.
    public func change(_ body: @Sendable (inout SimulatedWorld) -> Void) {
        update { world in body(&world) }
        signal.wake()
    }

    /// Reads a counterparty's books.
    public func book(of party: CounterpartyName) -> PartyBook {
        state.withLock { $0.world.book(of: party) }
    }

    /// A counterparty's journal, every event since the beginning.
    public func journal(of party: CounterpartyName) -> [PartyEvent] {
        state.withLock { $0.journal[party] ?? [] }
    }

    /// How often each fault struck.
    public var faultCounts: FaultCounts { state.withLock { $0.world.faults.counts } }

    /// How many calls have come in.
    public var callCount: Int { state.withLock { $0.calls } }

    /// When something is next to happen by itself.
    public var nextDue: Timestamp? { state.withLock { $0.world.nextDue } }

    /// Lets everything happen that is due now, and sends the notices; answers how many were sent.
    @discardableResult
    public func advance() async -> Int {
        let dispatches = update { $0.advance(to: clock.now()) }
        for dispatch in dispatches { await send(dispatch) }
        return dispatches.count
    }

    /// Lets things happen when they are due, until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            let seen = signal.version
            await advance()
            let due = nextDue
            if let due, due <= clock.now() { continue }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.signal.wait(after: seen) }
                if let due { group.addTask { await self.clock.sleep(until: due) } }
                await group.next()
                group.cancelAll()
            }
        }
    }
}

extension MockWorld {
    /// Numbers a call and asks the test what to do to it.
    func begin(_ verb: CallVerb, _ party: CounterpartyName, _ key: IdempotencyKey) async -> (CallPoint, CallFault?) {
        let (point, hook) = state.withLock { state in
            state.calls += 1
            return (CallPoint(number: state.calls, party: party, verb: verb, key: key), state.hooks.atCall)
        }
        return (point, await hook(point))
    }

    /// Lets the test kill the caller.
    func crash(_ point: CallPoint, _ fault: CallFault) async {
        let hook = state.withLock { $0.hooks.crash }
        await hook(point, fault)
    }

    /// Has the model answer a call, sends what overtakes the answer, and waits as long as the answer takes.
    func answer(
        _ call: @Sendable (inout SimulatedWorld, Timestamp) -> PartyReply
    ) async -> SandboxExchange {
        let started = clock.now()
        let reply = update { call(&$0, started) }
        signal.wake()
        for dispatch in reply.early { await send(dispatch) }
        if reply.delay > .zero { await clock.sleep(until: started + reply.delay) }
        let latency = clock.now() - started
        switch reply.answer {
        case .document(var answer):
            answer.latency = latency
            return .answered(answer)
        case .garbage: return .answered(SandboxAnswer(status: 200, body: Array("<html>".utf8), latency: latency))
        case .flood: return .uncertain(code: HTTPClientError.Code.tooLarge.rawValue, latency: latency)
        case .cut: return .uncertain(code: HTTPClientError.Code.noAnswer.rawValue, latency: latency)
        }
    }

    private func update<Value: Sendable>(_ body: (inout SimulatedWorld) -> Value) -> Value {
        state.withLock { state in
            let value = body(&state.world)
            for (party, event) in state.world.takeEvents() { state.journal[party, default: []].append(event) }
            return value
        }
    }

    private func send(_ dispatch: NoticeDispatch) async {
        let hooks = state.withLock { $0.hooks }
        let notice: Notice
        do {
            notice = try SandboxNotices(source: dispatch.party).notice(
                id: dispatch.id, body: dispatch.body, headers: "webhook-id: \(dispatch.id)")
        } catch {
            preconditionFailure("the model wrote a notice that it cannot read: \(error)")
        }
        guard !dispatch.isForged else {
            await hooks.forgery(notice)
            return
        }
        let acknowledged = await hooks.notice(notice)
        update { $0.noticeAnswered(dispatch, acknowledged: acknowledged, at: clock.now()) }
        signal.wake()
    }
}
