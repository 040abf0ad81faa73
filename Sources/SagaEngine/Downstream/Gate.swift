/// The gate in front of all counterparties: limits, breakers, switches, and a limit on money in flight.
///
/// Where several runners share a store, it shares its care with their gates over a ``GateBoard``, and
/// ``keepInTouch()`` has to run for as long as calls are made. Concurrency and lanes are each gate's own.
public final class Gate: Gatekeeper {
    struct Waiting {
        let call: GateCall
        let place: CheckedContinuation<Answer, Never>
    }

    struct State {
        var machines: [CounterpartyName: GateStateMachine] = [:]
        var queues: [CounterpartyName: [Waiting]] = [:]
        var inFlight: [ByteText: Int128] = [:]
        /// What has changed and is told as soon as the lock is free.
        var turns: [Turned] = []
        /// What is shared with other runners.
        var touch = BoardTouch()
    }

    typealias Turned = (party: CounterpartyName, turn: GateTurn)

    let clock: any SagaClock
    let limits: [CounterpartyName: GateLimits]
    private let money: [ByteText: Int128]
    private let events: any EventSink
    let board: (any GateBoard)?
    /// This runner's name, for people on others.
    let runner: String
    let bell = Bell()
    let state: Locked<State>

    /// Builds a gate.
    ///
    /// - Parameters:
    ///   - limits: What each counterparty is asked to bear; the standard limits where none are named.
    ///   - money: Per asset, the most indivisible units that may be at stake at a time; no limit where none is named.
    ///   - clock: The store's clock.
    ///   - events: What is told when a breaker or a switch turns.
    ///   - board: Where it meets the gates of other runners; `nil` when there are none.
    ///   - runner: This runner's name, by which people on other runners know who opened a breaker.
    public init(
        limits: [CounterpartyName: GateLimits], money: [ByteText: Int128] = [:], clock: any SagaClock,
        events: any EventSink = SilentSink(), board: (any GateBoard)? = nil, runner: String = ""
    ) {
        self.limits = limits
        self.money = money
        self.clock = clock
        self.events = events
        self.board = board
        self.runner = runner
        var state = State()
        if board != nil {
            state.touch.rooms = money.sorted { $0.key < $1.key }.reduce(into: [:]) { rooms, limit in
                rooms[limit.key] = SharedRoom(asset: limit.key.rawValue, limit: limit.value)
            }
        }
        self.state = Locked(state)
    }

    /// Waits for a place if one is soon to be had, or says when to come back.
    public func enter(_ call: GateCall) async -> Admission {
        var hasPaused = false
        var hasVisited = false
        while true {
            let answer = await ask(call, afterPause: hasPaused, afterVisit: hasVisited)
            (hasPaused, hasVisited) = (false, false)
            switch answer {
            case .admission(let admission): return admission
            case .visited(false):
                return .later(at: clock.now() + .seconds(1), reason: "what all runners share cannot be reached")
            case .visited(true): hasVisited = true
            case .pause(let moment):
                await clock.sleep(until: moment)
                // A cancelled sleep returns at once, and would so again and again.
                if Task.isCancelled {
                    state.withLock { $0.machines[call.counterparty]?.givePauseUp() }
                    return .later(at: moment, reason: "the runner is stopping")
                }
                hasPaused = true
            }
        }
    }

    enum Answer: Sendable {
        case admission(Admission)
        case pause(Timestamp)
        case visited(Bool)
    }

    private func ask(_ call: GateCall, afterPause: Bool, afterVisit: Bool) async -> Answer {
        await withCheckedContinuation { place in
            let answer = telling { state -> Answer? in
                let waiting = state.queues[call.counterparty]?.count ?? 0
                let decision = on(call.counterparty, &state) {
                    $0.enter(
                        call, waiting: waiting, now: clock.now(), afterPause: afterPause, afterVisit: afterVisit)
                }
                switch decision {
                case .begin: return .admission(.granted)
                case .later(let moment, let reason): return .admission(.later(at: moment, reason: reason))
                case .pause(let moment): return .pause(moment)
                case .visit: return state.touch.wait(place)
                case .queue:
                    state.queues[call.counterparty, default: []].append(Waiting(call: call, place: place))
                    return nil
                }
            }
            if let answer { place.resume(returning: answer) }
        }
    }

    /// Gives the place back; those who wait are let in, in order, as far as there is room.
    public func leave(_ call: GateCall, outcome: CallOutcome) async {
        let admitted = telling { state -> [(Waiting, Answer)] in
            on(call.counterparty, &state) { $0.leave(call, outcome: outcome, now: clock.now()) }
            return letIn(call.counterparty, &state)
        }
        for (waiting, answer) in admitted { waiting.place.resume(returning: answer) }
    }

    /// Switches a counterparty off, or on again; `why` says who did it, when and why, to people who look meanwhile.
    public func setSwitch(_ counterparty: CounterpartyName, off: Bool, why: String = "") {
        telling { state in
            state.touch.touched[counterparty] = state.touch.visits
            on(counterparty, &state) { $0.setSwitch(off: off, why: why, now: clock.now()) }
        }
    }

    /// How each counterparty that was ever called stands, for people and metrics.
    public var standing: [GateStanding] {
        state.withLock { state in
            state.machines.keys.sorted { $0.rawValue < $1.rawValue }.compactMap { name in
                state.machines[name].map {
                    GateStanding(
                        counterparty: name, switchedOffWhy: $0.switchedOff?.why, isBreakerOpen: $0.breaker != .closed,
                        openedBy: $0.openedBy(here: runner), underWay: $0.underWay,
                        waiting: state.queues[name]?.count ?? 0, failures: $0.shownFailures,
                        failingSince: $0.failingSince ?? $0.openElsewhere?.since,
                        lastCode: $0.lastCode ?? $0.openElsewhere?.code, closedUntil: $0.closedUntil)
                }
            }
        }
    }

    // MARK: Money in flight

    /// Takes room for an amount that is about to be at stake, if the limit leaves any.
    public func reserve(_ exposure: Exposure) -> Admission {
        state.withLock { state in
            if let answer = reserveShared(exposure, &state) { return answer }
            let now = state.inFlight[ByteText(exposure.asset), default: 0]
            if let limit = money[ByteText(exposure.asset)], exposure.amount > limit {
                return .never(reason: Self.tooMuch(exposure, limit))
            }
            if let limit = money[ByteText(exposure.asset)], now + exposure.amount > limit {
                return full(exposure.asset)
            }
            state.inFlight[ByteText(exposure.asset)] = now + exposure.amount
            return .granted
        }
    }

    func full(_ asset: String) -> Admission {
        .later(at: clock.now() + .seconds(5), reason: "limit on \(asset) in flight")
    }

    /// What one order alone puts at stake is more than all of them may.
    static func tooMuch(_ exposure: Exposure, _ limit: Int128) -> String {
        func major(_ amount: Int128) -> String {
            let digits = String(amount)
            guard exposure.decimals > 0 else { return digits }
            let padded = String(repeating: "0", count: max(0, exposure.decimals + 1 - digits.count)) + digits
            return padded.dropLast(exposure.decimals) + "." + padded.suffix(exposure.decimals)
        }
        let asset = exposure.asset
        return "this order alone puts \(major(exposure.amount)) \(asset) at stake, and the limit on money in flight is "
            + "\(major(limit)) \(asset): raise money_in_flight.\(asset), start again, then resume"
    }

    /// Gives room back, or takes some without asking.
    public func adjust(_ asset: String, by amount: Int128) {
        state.withLock { $0.inFlight[ByteText(asset), default: 0] += amount }
    }

    /// Forgets what it has counted as at stake, and counts this instead.
    public func recount(_ exposures: [Exposure]) {
        state.withLock { state in
            state.inFlight = exposures.reduce(into: [:]) { $0[ByteText($1.asset), default: 0] += $1.amount }
        }
    }

    private func machine(_ counterparty: CounterpartyName) -> GateStateMachine {
        GateStateMachine(limits: limits[counterparty] ?? GateLimits(), isShared: board != nil)
    }

    /// Has a counterparty's machine decide something, and notes how it turned by that.
    func on<Result>(
        _ counterparty: CounterpartyName, _ state: inout State, _ decide: (inout GateStateMachine) -> Result
    ) -> Result {
        let result = decide(&state.machines[counterparty, default: machine(counterparty)])
        for turn in state.machines[counterparty]?.takeTurns() ?? [] { state.turns.append((counterparty, turn)) }
        return result
    }

    /// Does something under the lock, and tells what turned once the lock is free.
    func telling<Result>(_ act: (inout State) -> Result) -> Result {
        var isUrgent = false
        let (result, turns) = state.withLock { state -> (Result, [Turned]) in
            let result = act(&state)
            if board != nil { isUrgent = state.isUrgent }
            guard !state.turns.isEmpty else { return (result, []) }
            defer { state.turns = [] }
            return (result, state.turns)
        }
        if isUrgent { bell.ring() }
        for (party, turn) in turns { events.record(.turned(party, turn)) }
        return result
    }

    /// Lets in whoever can begin now; whoever cannot wait any longer is told when to come back.
    private func letIn(_ counterparty: CounterpartyName, _ state: inout State) -> [(Waiting, Answer)] {
        guard let queue = state.queues[counterparty], !queue.isEmpty else { return [] }
        var machine = state.machines[counterparty, default: machine(counterparty)]
        var admitted: [(Waiting, Answer)] = []
        var stay: [Waiting] = []
        for (index, waiting) in queue.enumerated() {
            if machine.underWay >= machine.limits.concurrency {
                stay.append(contentsOf: queue[index...])
                break
            }
            switch machine.enter(waiting.call, waiting: 0, now: clock.now()) {
            case .begin: admitted.append((waiting, .admission(.granted)))
            case .later(let moment, let reason):
                admitted.append((waiting, .admission(.later(at: moment, reason: reason))))
            case .pause(let moment): admitted.append((waiting, .pause(moment)))
            case .visit:
                if let answer = state.touch.wait(waiting.place) { admitted.append((waiting, answer)) }
            case .queue: stay.append(waiting)
            }
        }
        for turn in machine.takeTurns() { state.turns.append((counterparty, turn)) }
        state.machines[counterparty] = machine
        state.queues[counterparty] = stay
        return admitted
    }
}
