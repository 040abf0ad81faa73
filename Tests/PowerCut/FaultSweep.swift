import Foundation
import SagaEngine
import SagaTestKit

/// Lets the n-th write or sync of a run fail, for many n, and judges what the run promised and what it left.
struct FaultSweep {
    /// One kind of trouble.
    struct Trouble {
        let name: String
        let count: Int
        let error: Int32
        let kind: String?
        /// How a run may end in it.
        let allowed: Set<Recording.Ending>
    }

    /// What was done and found, by trouble.
    struct Figures {
        var runs = 0
        var endings: [Recording.Ending: Int] = [:]
        /// Runs in which the fault was met at all.
        var struck = 0
        var images = 0
        var recoveries = 0
        var badImages = 0
        /// Runs that ended as they must not.
        var badEndings = 0
        var violations: [String] = []
    }

    static let troubles = [
        Trouble(name: "EIO once", count: 1, error: EIO, kind: nil, allowed: [.completed, .stopped]),
        Trouble(name: "EIO for ever", count: -1, error: EIO, kind: nil, allowed: [.completed, .stopped]),
        Trouble(name: "ENOSPC once", count: 1, error: ENOSPC, kind: "W", allowed: [.completed]),
        Trouble(name: "ENOSPC 40 times", count: 40, error: ENOSPC, kind: "W", allowed: [.completed]),
        Trouble(
            name: "ENOSPC for ever", count: -1, error: ENOSPC, kind: "W", allowed: [.completed, .waiting]),
    ]

    let recorder: String
    let scratch: String
    let expected: [String]
    let operations: Int
    let writes: Int
    let points: Int
    let seed: UInt64

    /// Sweeps one kind of trouble.
    func run(_ trouble: Trouble) async throws -> Figures {
        var figures = Figures()
        let range = trouble.kind == nil ? operations : writes
        let every = max(1, range / max(1, points))
        let entropy = SeededEntropy(seed: seed)
        // No two runs batch alike: where one point stands for the whole run, it must not lie where a shorter one ends.
        for number in stride(from: Int(entropy.below(UInt64(max(1, every / 2)))), to: range, by: every) {
            let fault = Recording.Fault(at: number, count: trouble.count, error: trouble.error, kind: trouble.kind)
            let (trace, ending) = try Recording(recorder: recorder, scratch: scratch).run(fault)
            figures.runs += 1
            figures.endings[ending, default: 0] += 1
            // The index of the log is mapped memory: what it has no room for stops the store before anything is said.
            let mayStop = trace.firstFailure?.hasSuffix("-shm") == true && ending == .stopped
            if !trouble.allowed.contains(ending), !mayStop, trace.firstFailure != nil {
                figures.badEndings += 1
                figures.violations.append("\(trouble.name) at \(number): the run ended as \(ending.rawValue)")
            }
            if trace.firstFailure != nil { figures.struck += 1 }
            try await judge(trace, entropy, "\(trouble.name) at \(number)", &figures)
        }
        return figures
    }

    private func judge(
        _ trace: Trace, _ entropy: SeededEntropy, _ name: String, _ figures: inout Figures
    ) async throws {
        var disk = Disk()
        var promises = Promises()
        for step in trace.steps {
            if case .promise(let lines) = step { try promises.take(lines) }
            disk.apply(step)
        }
        for survival in [Disk.Survival.nothing, .everything, .subset] {
            let image = CrashImage(disk: disk, promises: promises, survival: survival, expected: expected)
            // Going on from what is least is the hardest.
            let recovers = survival == .nothing
            let found = try await image.violations(in: scratch, entropy, recovers: recovers)
            figures.images += 1
            if recovers { figures.recoveries += 1 }
            if !found.isEmpty { figures.badImages += 1 }
            figures.violations += found.map { "\(name), \(survival.rawValue) survives: \($0)" }
        }
    }
}

extension Trace {
    /// The file of the first operation that was made to fail, if any was.
    var firstFailure: String? {
        for case .failed(let path, _) in steps { return path }
        return nil
    }

    /// How many of the operations are writes.
    var writes: Int {
        steps.count { step in
            if case .write = step { true } else { false }
        }
    }
}
