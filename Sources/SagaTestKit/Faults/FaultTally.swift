internal import SagaEngine

/// The running number of persist points, and how often each fault has struck; shared by all lives of a simulation.
public final class FaultTally: Sendable {
    private struct State {
        var points = 0
        var struck: [StoreFault: Int] = [:]
        var cells: [Cell: Int] = [:]
    }

    /// A fault and the kind of operation that it struck.
    public struct Cell: Hashable, Sendable {
        /// The fault.
        public let fault: StoreFault
        /// A kind of operation in the batch: `append`, `claim`, `notice` and the like.
        public let operation: String
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

    /// How often each fault struck each kind of operation.
    public var cells: [Cell: Int] { state.withLock { $0.cells } }

    func nextFault(by plan: FaultPlan, at batch: [StoreOperation]) -> StoreFault {
        state.withLock { state in
            state.points += 1
            let fault = plan.fault(at: state.points)
            state.struck[fault, default: 0] += 1
            if fault != .none {
                for name in Set(batch.map(\.name)) {
                    state.cells[Cell(fault: fault, operation: name), default: 0] += 1
                }
            }
            return fault
        }
    }
}

extension StoreOperation {
    /// The operation's name in tables.
    fileprivate var name: String {
        switch self {
        case .submit: "submit"
        case .append: "append"
        case .notice: "notice"
        case .assign: "assign"
        case .claim: "claim"
        case .lease: "lease"
        case .release: "release"
        case .print: "print"
        case .reincarnate: "reincarnate"
        }
    }
}
