internal import SagaEngine

/// Which fault strikes at which persist point.
public struct FaultPlan: Sendable {
    private let decide: @Sendable (Int) -> StoreFault

    /// Decides by the number of the persist point, from 1.
    public init(_ decide: @escaping @Sendable (Int) -> StoreFault) {
        self.decide = decide
    }

    /// No fault at all: the clean run that a sweep counts its points by.
    public static let none = FaultPlan { _ in .none }

    /// One fault at one point.
    public static func at(_ point: Int, _ fault: StoreFault) -> FaultPlan {
        FaultPlan { $0 == point ? fault : .none }
    }

    /// Faults at the points named.
    public static func at(_ faults: [Int: StoreFault]) -> FaultPlan {
        FaultPlan { faults[$0] ?? .none }
    }

    /// Each kind of fault at one commit in `oneIn`, by what a seed says about the point's number alone.
    public static func random(seed: UInt64, oneIn: UInt64, until point: Int = .max) -> FaultPlan {
        FaultPlan { number in
            guard number <= point else { return .none }
            let entropy = SeededEntropy(seed: seed ^ UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15)
            let faults: [StoreFault] = [.crashBefore, .crashAfter, .errorAfterApplying, .unavailable]
            let drawn = entropy.below(max(1, oneIn) * UInt64(faults.count))
            return drawn < UInt64(faults.count) ? faults[Int(drawn)] : .none
        }
    }

    /// What strikes at a point.
    public func fault(at point: Int) -> StoreFault { decide(point) }
}
