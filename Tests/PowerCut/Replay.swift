import Foundation
import SagaEngine
import SagaTestKit

/// Cuts the power before operations of a recorded run, and judges what is left each time.
struct Replay {
    /// How much is done.
    struct Size {
        /// Before how many operations the power is cut, spread evenly; all of them when there are fewer.
        var points: Int
        /// How many random subsets of the unsynced survive at each.
        var subsets: Int
        /// After how many of the images the settlement goes on to its end.
        var recoveries: Int
    }

    /// What was looked at and found.
    struct Figures {
        var operations = 0
        var promises = 0
        var points = 0
        var images: [Disk.Survival: Int] = [:]
        var recoveries = 0
        var violations: [String] = []
        /// How many of the images have a violation.
        var badImages = 0
        /// How many have lost something acknowledged.
        var losses = 0

        var imageCount: Int { images.values.reduce(0, +) }
    }

    let trace: Trace
    let expected: [String]
    let size: Size
    let seed: UInt64
    let scratch: String

    /// Replays the whole trace.
    func run() async throws -> Figures {
        var figures = Figures()
        figures.operations = trace.operations
        var disk = Disk()
        var promises = Promises()
        let every = max(1, figures.operations / max(1, size.points))
        let images = figures.operations / every * (size.subsets + 2)
        let entropy = SeededEntropy(seed: seed)
        var (operation, judged) = (0, Judged())
        for step in trace.steps {
            if case .promise(let lines) = step {
                try promises.take(lines)
                continue
            }
            if operation.isMultiple(of: every) {
                figures.points += 1
                let spacing = max(1, images / max(1, size.recoveries))
                try await cut(disk, promises, entropy, spacing, &judged, &figures, at: operation)
            }
            disk.apply(step)
            operation += 1
        }
        figures.promises = promises.count
        try await cut(disk, promises, entropy, 1, &judged, &figures, at: operation)
        return figures
    }

    /// What has been judged already and need not be judged again.
    private struct Judged {
        var durable = (-1, -1)
        var live = (-1, -1)
    }

    private func cut(
        _ disk: Disk, _ promises: Promises, _ entropy: SeededEntropy, _ spacing: Int, _ judged: inout Judged,
        _ figures: inout Figures, at operation: Int
    ) async throws {
        var survivals: [Disk.Survival] = []
        if judged.durable != (disk.durableVersion, promises.count) { survivals.append(.nothing) }
        if judged.live != (disk.liveVersion, promises.count) { survivals.append(.everything) }
        judged.durable = (disk.durableVersion, promises.count)
        judged.live = (disk.liveVersion, promises.count)
        if disk.isDirty { survivals += Array(repeating: .subset, count: size.subsets) }
        for survival in survivals {
            figures.images[survival, default: 0] += 1
            let recovers = figures.imageCount.isMultiple(of: spacing)
            if recovers { figures.recoveries += 1 }
            let image = CrashImage(disk: disk, promises: promises, survival: survival, expected: expected)
            let found = try await image.violations(in: scratch, entropy, recovers: recovers)
            figures.note(found.map { "operation \(operation), \(survival.rawValue) survives: \($0)" })
        }
    }
}

extension Replay.Figures {
    /// Takes note of what one image has shown.
    mutating func note(_ found: [String]) {
        if found.isEmpty { return }
        badImages += 1
        // A store that refuses to open because its anchor is newer has seen the loss itself.
        if found.contains(where: { $0.contains("lost: ") || $0.contains("older than its anchor") }) { losses += 1 }
        if violations.count < 20 { violations += found }
    }
}

/// What one power cut leaves, on the real disk for as long as it is judged.
struct CrashImage {
    let disk: Disk
    let promises: Promises
    let survival: Disk.Survival
    let expected: [String]

    /// What is wrong with it.
    func violations(in scratch: String, _ entropy: SeededEntropy, recovers: Bool) async throws -> [String] {
        let folder = "\(scratch)/image"
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try disk.write(survival, to: folder, by: entropy)
        var found = await ImageJudge(folder: folder, promises: promises).violations()
        if recovers, found.isEmpty {
            found += await Recovery(folder: folder, promises: promises, expected: expected).violations()
        }
        return found
    }
}
