internal import Glibc
internal import SagaEngine

/// A task executor and its run loop on one thread: which ready job runs next is drawn from a seed.
///
/// Nothing here knows real time. When no job is ready the clock is moved to the next sleeper, so that hours pass in
/// microseconds and a seed repeats a run job by job.
public final class SeededExecutor: TaskExecutor {
    private struct State {
        var ready: [UnownedJob] = []
        var owner: pthread_t?
        var steps = 0
        var resting: CheckedContinuation<Void, Never>?
        /// Whether somebody has rested since the clock was last moved.
        var hasRested = false
        var isFinished = false
        var escaped = 0
    }

    private let state = Locked(State())
    private let chance: SeededEntropy
    private let clock: SimulatedClock
    private let stepLimit: Int

    /// Makes an executor.
    ///
    /// - Parameters:
    ///   - seed: What the order of jobs is drawn from.
    ///   - clock: The clock that is moved when nothing else can happen.
    ///   - stepLimit: How many jobs may run before the run counts as a livelock.
    public init(seed: UInt64, clock: SimulatedClock, stepLimit: Int) {
        chance = SeededEntropy(seed: seed)
        self.clock = clock
        self.stepLimit = stepLimit
    }

    /// How many jobs have run.
    public var steps: Int { state.withLock { $0.steps } }

    /// Takes a job; one that comes from another thread means that something has escaped the simulation.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { state in
            if let owner = state.owner, pthread_equal(owner, pthread_self()) == 0 { state.escaped += 1 }
            state.ready.append(job)
        }
    }

    /// Returns when no job is ready, before the clock is moved. One task at a time may rest.
    public func rest() async {
        await withCheckedContinuation { waiter in
            state.withLock { state in
                precondition(state.resting == nil, "one task rests at a time")
                state.resting = waiter
            }
        }
    }

    /// Runs a body and everything it starts, on the calling thread, until it returns.
    ///
    /// - Throws: what kept it from returning: a livelock, a deadlock, or a job that escaped.
    public func run(_ body: @escaping @Sendable () async -> Void) throws(SimulationFailure) {
        state.withLock { $0.owner = pthread_self() }
        EscapeTrap.set(self)
        defer { EscapeTrap.set(nil) }
        Task(executorPreference: self) {
            await body()
            self.state.withLock { $0.isFinished = true }
        }
        while !state.withLock({ $0.isFinished }) { try step() }
        guard state.withLock({ $0.escaped }) == 0 else { throw .escaped }
    }

    private func step() throws(SimulationFailure) {
        let (job, waiter, steps, escaped) = state.withLock {
            state -> (UnownedJob?, CheckedContinuation<Void, Never>?, Int, Int) in
            guard !state.ready.isEmpty else {
                if state.hasRested {
                    state.hasRested = false
                    return (nil, nil, state.steps, state.escaped)
                }
                state.hasRested = state.resting != nil
                defer { state.resting = nil }
                return (nil, state.resting, state.steps, state.escaped)
            }
            state.steps += 1
            let index = Int(chance.next() % UInt64(state.ready.count))
            state.ready.swapAt(index, state.ready.count - 1)
            return (state.ready.removeLast(), nil, state.steps, state.escaped)
        }
        if escaped > 0 { throw .escaped }
        if steps > stepLimit { throw .livelock(steps: steps) }
        if let job {
            job.runSynchronously(on: asUnownedTaskExecutor())
        } else if let waiter {
            waiter.resume()
        } else if let moment = clock.nextMoment {
            clock.advance(to: max(moment, clock.now()))
        } else {
            throw .deadlock
        }
    }

    /// A job of the simulation's own thread that went to the global executor instead.
    func takeEscaped(_ job: UnownedJob) {
        state.withLock { state in
            state.escaped += 1
            state.ready.append(job)
        }
    }
}
