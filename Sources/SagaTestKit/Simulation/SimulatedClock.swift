public import SagaEngine

/// A clock that stands still until it is told to move, so that a test decides what time it is.
public final class SimulatedClock: SagaClock {
    private struct Sleeper: Comparable {
        let moment: Timestamp
        let order: Int64

        static func < (left: Sleeper, right: Sleeper) -> Bool {
            left.moment == right.moment ? left.order < right.order : left.moment < right.moment
        }
    }

    private struct State {
        var now: Timestamp
        var order: Int64 = 0
        var sleepers = SortedSet<Sleeper>()
        var asleep: [Int64: CheckedContinuation<Void, Never>] = [:]
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Locked<State>

    /// Starts the clock at a moment; by default 2026-01-01T00:00:00Z.
    public init(now: Timestamp = Timestamp(milliseconds: 1_767_225_600_000)) {
        state = Locked(State(now: now))
    }

    /// The moment now.
    public func now() -> Timestamp { state.withLock { $0.now } }

    /// Returns once the clock has been moved to `moment`, or earlier when the task is cancelled.
    public func sleep(until moment: Timestamp) async {
        let order = state.withLock { state in
            state.order += 1
            return state.order
        }
        let sleeper = Sleeper(moment: moment, order: order)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                lieDown(sleeper, continuation)
            }
        } onCancel: {
            wake { state in Self.remove(sleeper, from: &state).map { [$0] } ?? [] }
        }
    }

    /// Moves the clock and wakes, in order of their moments, everybody whose moment has come. The past is allowed.
    public func advance(to moment: Timestamp) {
        wake { state in
            state.now = moment
            var awake: [CheckedContinuation<Void, Never>] = []
            while let first = state.sleepers.first, first.moment <= moment {
                if let continuation = Self.remove(first, from: &state) { awake.append(continuation) }
            }
            return awake
        }
    }

    /// Moves the clock on by a span.
    public func advance(by span: Span) {
        advance(to: now() + span)
    }

    /// The earliest moment that anybody sleeps until, or `nil` when nobody sleeps.
    public var nextMoment: Timestamp? { state.withLock { $0.sleepers.first?.moment } }

    /// How many sleep.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// Returns once at least so many sleep: the signal that what is tested has come to rest.
    public func untilAsleep(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let enough = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if enough { continuation.resume() }
        }
    }

    private func lieDown(_ sleeper: Sleeper, _ continuation: CheckedContinuation<Void, Never>) {
        wake { state in
            // A cancellation that came first has found nobody to wake; it shows here instead.
            if sleeper.moment <= state.now || Task.isCancelled { return [continuation] }
            state.sleepers.insert(sleeper)
            state.asleep[sleeper.order] = continuation
            let count = state.sleepers.count
            let satisfied = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return satisfied
        }
    }

    /// Resumes outside the lock whoever the change has awakened.
    private func wake(_ change: (inout State) -> [CheckedContinuation<Void, Never>]) {
        for continuation in state.withLock({ change(&$0) }) { continuation.resume() }
    }

    private static func remove(
        _ sleeper: Sleeper, from state: inout State
    ) -> CheckedContinuation<Void, Never>? {
        state.sleepers.remove(sleeper)
        return state.asleep.removeValue(forKey: sleeper.order)
    }
}
