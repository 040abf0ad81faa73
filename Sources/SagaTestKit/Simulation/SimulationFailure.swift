/// Why a simulated run did not come to its end.
public enum SimulationFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// More jobs ran than any run needs.
    case livelock(steps: Int)
    /// Nothing was ready and nobody slept.
    case deadlock
    /// A job left the simulation for another thread or the global executor.
    case escaped

    /// What happened and where to look.
    public var description: String {
        switch self {
        case .livelock(let steps): "livelock: still busy after \(steps) jobs"
        case .deadlock: "deadlock: nothing is ready and nobody sleeps"
        case .escaped: "a job escaped: look for a bare Task, Task.detached, Task.sleep or a thread"
        }
    }
}
