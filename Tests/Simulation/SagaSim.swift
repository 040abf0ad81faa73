import Foundation
import SagaEngine
import SagaTestKit

/// Runs the settlement's flows in simulated worlds by the thousand; see `scripts/crash-sweep` and `scripts/hash-seeds`.
@main struct SagaSim {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if ["--help", "-h"].contains(arguments.first) {
            print(SimulationOptions.usage)
            exit(0)
        }
        guard let options = SimulationOptions(arguments) else {
            print(SimulationOptions.usage)
            exit(2)
        }
        let start = ContinuousClock.now
        let isSound =
            switch options.command {
            case .sweep: await sweep(options)
            case .seeds: await seeds(options)
            case .bugs: await bugs(options)
            }
        let taken = ContinuousClock.now - start
        print("\(options.command.rawValue): \(isSound ? "0 violations" : "FAILED"), in \(taken.components.seconds) s")
        exit(isSound ? 0 : 1)
    }

    private static func sweep(_ options: SimulationOptions) async -> Bool {
        var isSound = true
        for episode in options.episodes {
            var campaign = SweepCampaign(episode: episode, stride: options.stride)
            campaign.allManners = options.allManners
            let report = await campaign.run(progress: say)
            print(report)
            for (points, complaints) in report.broken.prefix(5) {
                print("  at \(points): " + complaints.prefix(4).joined(separator: "\n    "))
            }
            for points in report.unmet.prefix(5) { print("  not met: \(points)") }
            isSound = isSound && report.broken.isEmpty && report.unmet.isEmpty && report.isWhole
        }
        return isSound
    }

    private static func seeds(_ options: SimulationOptions) async -> Bool {
        let campaign = SeedCampaign(
            first: options.only ?? options.first, count: options.only == nil ? options.seeds : 1)
        let report = await campaign.run(progress: say)
        for result in report.broken.prefix(options.only == nil ? 8 : 1) {
            print("seed \(result.seed): " + result.complaints.prefix(options.only == nil ? 4 : 100).joined(separator: "\n  "))
            print("  repeat it with: saga-sim seeds --seed \(result.seed)")
        }
        print(report)
        if !report.broken.isEmpty { print("broken seeds: \(report.broken.count), \(report.broken.prefix(40).map(\.seed))") }
        guard campaign.count >= 1_000 else { return report.broken.isEmpty }
        if !report.emptyCells.isEmpty { print("never met: \(report.emptyCells.joined(separator: ", "))") }
        return report.broken.isEmpty && report.emptyCells.isEmpty
    }

    private static func bugs(_ options: SimulationOptions) async -> Bool {
        #if PLANTED_BUGS
            let rows = await PlantedCampaign(seeds: options.seeds).run(progress: say)
            print(rows.table)
            return rows.allSatisfy { $0.catching != nil }
        #else
            say("no mistakes are planted in this build: make one with -Xswiftc -DPLANTED_BUGS")
            return false
        #endif
    }

    @Sendable private static func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
