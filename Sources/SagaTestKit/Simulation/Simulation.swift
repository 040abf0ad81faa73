public import SagaEngine

/// Runners, a disk that outlives them, and the parties outside, on one seeded executor with one simulated clock.
///
/// A script says what happens: submit, act as an operator, end the chaos, wait until everything has settled. Whatever
/// the plan strikes in the meantime, the same seed gives the same run, job by job.
public final class Simulation: Sendable {
    /// The time, which moves when nothing else can.
    public let clock: SimulatedClock
    /// What runs everything.
    public let executor: SeededExecutor
    /// The disk.
    public let disk: any SimulatedDisk
    /// Counts the commits and what struck them.
    public let persists = FaultTally()
    /// What the simulation goes by.
    public let plan: SimulationPlan

    let digest: any Digest
    let chance: SeededEntropy
    private let state = Locked(State())
    private let outside = Locked<Made?>(nil)

    /// What is made around the disk and the clock.
    private struct Made {
        var parties: any SimulatedParties
        var registry: FlowRegistry
    }

    private struct State {
        var lives: [SimulatedLife?] = []
        var isQuiet = false
        var isOver = false
        var deaths = 0
        var calls: [SimulatedCall] = []
        var submitted: [SagaID] = []
        var acknowledged: [NoticeStamp] = []
        var troubles: [String] = []
        var lastRefusal = ""
    }

    /// What makes a notice the same notice.
    public struct NoticeStamp: Hashable, Sendable {
        /// Whose webhook it came to.
        public let source: CounterpartyName
        /// The counterparty's id for it.
        public let id: String
    }

    /// Puts a simulation together.
    ///
    /// - Parameters:
    ///   - plan: What it is made of and what goes wrong.
    ///   - digest: What links the journals; a quick one will do.
    ///   - makeDisk: Makes the disk, given the clock that it goes by.
    ///   - parties: Makes the world outside, given the clock and who takes its notices.
    ///   - flows: Makes the flows, given that world and the disk, which some of them read back.
    public init<Parties: SimulatedParties>(
        plan: SimulationPlan, digest: any Digest, disk makeDisk: (SimulatedClock) -> any SimulatedDisk,
        parties: (SimulatedClock, @escaping @Sendable (Notice) async -> Bool) -> Parties,
        flows: (Parties, any SimulatedDisk) -> FlowRegistry
    ) {
        self.plan = plan
        self.digest = digest
        clock = SimulatedClock()
        executor = SeededExecutor(seed: plan.seed, clock: clock, stepLimit: plan.stepLimit)
        chance = SeededEntropy(seed: plan.seed ^ 0x5A6A_0001)
        disk = makeDisk(clock)
        state.withLock { $0.lives = Array(repeating: nil, count: plan.runners) }
        let inbox: @Sendable (Notice) async -> Bool = { [weak self] notice in
            await self?.receive(notice) ?? false
        }
        let world = parties(clock, inbox)
        let registry = flows(world, disk)
        outside.withLock { $0 = Made(parties: world, registry: registry) }
    }

    /// Runs the script with the runners and the parties beside it, then stops them.
    public func run(_ script: @escaping @Sendable (Simulation) async -> Void) throws(SimulationFailure) {
        // A life knows its simulation; a simulation that kept its lives would never be let go of.
        defer { state.withLock { $0.lives = [] } }
        try executor.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.parties.run() }
                for slot in 0..<self.plan.runners { group.addTask { await self.live(in: slot) } }
                await script(self)
                self.end()
                group.cancelAll()
            }
        }
    }

    /// The chaos ends: nothing goes wrong any more.
    public func quiet() {
        state.withLock { $0.isQuiet = true }
        parties.quiet()
    }

    /// How many lives have ended in a crash.
    public var deaths: Int { state.withLock { $0.deaths } }
    /// Every call that left, in order.
    public var calls: [SimulatedCall] { state.withLock { $0.calls } }
    /// How many calls have left.
    public var callCount: Int { state.withLock { $0.calls.count } }
    /// The starts that were acknowledged.
    public var submitted: [SagaID] { state.withLock { $0.submitted } }
    /// The notices that were acknowledged.
    public var acknowledged: [NoticeStamp] { state.withLock { $0.acknowledged } }
    /// What happened to the harness that should not have, in words.
    public var troubles: [String] { state.withLock { $0.troubles } }

    /// The world outside.
    public var parties: any SimulatedParties { made.parties }

    /// The flows.
    var registry: FlowRegistry { made.registry }

    private var made: Made {
        guard let stage = outside.withLock({ $0 }) else {
            preconditionFailure("a simulation is set up by its initialiser")
        }
        return stage
    }
}

// MARK: - Lives

extension Simulation {
    var isOver: Bool { state.withLock { $0.isOver } }
    var lives: [SimulatedLife] { state.withLock { $0.lives.compactMap { $0 } }.filter { $0.isAlive } }

    /// What strikes which commit; nothing once it is quiet.
    var persistPlan: FaultPlan {
        let persists = plan.persists
        return FaultPlan { [weak self] point in self?.isQuiet ?? true ? .none : persists.fault(at: point) }
    }

    private var isQuiet: Bool { state.withLock { $0.isQuiet } }

    private func live(in slot: Int) async {
        var number = 0
        while !isOver {
            number += 1
            let life = SimulatedLife(name: "runner-\(slot)-\(number)", simulation: self)
            state.withLock { $0.lives[slot] = life }
            do throws(StoreError) {
                try await life.runner.run()
            } catch {
                if error.code != .simulated { note(trouble: "runner \(slot) ended: \(error)") }
            }
            if isOver { return }
            if life.isAlive { note(trouble: "runner \(slot) stopped working although nothing had killed it") }
            state.withLock { $0.deaths += 1 }
            await clock.sleep(until: clock.now() + .milliseconds(100 + Int64(chance.below(2_000))))
        }
    }

    private func end() {
        let lives = state.withLock { state in
            state.isOver = true
            return state.lives
        }
        for life in lives { life?.runner.stop() }
    }

    /// A commit by one process may have made sagas ready that another can take: the database tells everybody.
    func wakeOthers(than life: SimulatedLife?, after batch: [StoreOperation]) {
        guard plan.runners > 1, batch.contains(where: \.mayConcernOthers) else { return }
        for other in lives where other !== life { other.runner.wake() }
    }

    /// Numbers a call, and says what strikes it.
    func note(
        _ verb: CallVerb, _ request: WireRequest, to party: CounterpartyName, by caller: RunnerID, after decided: Int
    ) async -> (CallStrike, Span?) {
        let wasIntended = await isIntended(request)
        let now = clock.now()
        return state.withLock { state in
            let number = state.calls.count + 1
            let strike = state.isQuiet ? .none : plan.calls(number)
            let freeze = state.isQuiet ? nil : plan.freezes(number)
            state.calls.append(
                SimulatedCall(
                    number: number, caller: caller, decidedAfter: decided, at: now, party: party, verb: verb,
                    reference: request.reference,
                    body: request.body, wasIntended: wasIntended, strike: strike))
            return (strike, freeze)
        }
    }

    private func isIntended(_ request: WireRequest) async -> Bool {
        do throws(StoreError) {
            let journal = try await disk.journal(of: request.key.saga, after: 0, limit: .max)
            return journal.contains {
                $0.kind == .intent && $0.stage == request.key.stage && $0.refusals == request.key.refusals
            }
        } catch {
            note(trouble: "the disk cannot be read: \(error)")
            return false
        }
    }

    var lastRefusal: String { state.withLock { $0.lastRefusal } }

    func note(trouble: String) { state.withLock { $0.troubles.append(trouble) } }
    func note(submitted id: SagaID) { state.withLock { $0.submitted.append(id) } }

    /// The webhook of whatever process is up: stored, and only then acknowledged.
    private func receive(_ notice: Notice) async -> Bool {
        guard !isOver, let life = anyLife() else { return false }
        guard await attempt(life, { try await $0.accept(notice) }) != nil else { return false }
        state.withLock { $0.acknowledged.append(NoticeStamp(source: notice.source, id: notice.id)) }
        return true
    }

    /// A process that is up, by chance.
    func anyLife() -> SimulatedLife? {
        let up = lives.filter { !$0.isFrozen }
        return up.isEmpty ? nil : up[Int(chance.below(UInt64(up.count)))]
    }

    /// Something done through the door of one process; `nil` when nobody knows what became of it.
    func attempt<Value>(_ life: SimulatedLife, _ body: (Operations) async throws -> Value) async -> Value? {
        do {
            let value = try await body(Operations(runner: life.runner, singleHanded: true))
            return life.isAlive ? value : nil
        } catch {
            state.withLock { $0.lastRefusal = "\(error)" }
            return nil
        }
    }
}

extension StoreOperation {
    fileprivate var mayConcernOthers: Bool {
        switch self {
        case .submit, .append, .notice, .assign, .release: true
        case .claim, .lease, .print, .reincarnate: false
        }
    }
}
