internal import SagaEngine

/// The running number of persist points, and how often each fault has struck; shared by all lives of a simulation.
public final class FaultTally: Sendable {
    private struct State {
        var points = 0
        var struck: [StoreFault: Int] = [:]
    }

    private let state = Locked(State())

    /// Starts at no point.
    public init() {}

    /// How many commits have been tried.
    public var points: Int { state.withLock { $0.points } }

    /// How often a fault has struck.
    public func count(of fault: StoreFault) -> Int { state.withLock { $0.struck[fault] ?? 0 } }

    /// How often any fault has struck.
    public var faults: Int {
        state.withLock { state in state.points - (state.struck[.none] ?? 0) }
    }

    func nextFault(by plan: FaultPlan) -> StoreFault {
        state.withLock { state in
            state.points += 1
            let fault = plan.fault(at: state.points)
            state.struck[fault, default: 0] += 1
            return fault
        }
    }
}
