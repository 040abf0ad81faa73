import Foundation
import SagaEngine
import SagaTestKit

/// Runs the settlement's flows in simulated worlds by the thousand; see `scripts/crash-sweep` and `scripts/hash-seeds`.
@main struct SagaSim {
    /// What a campaign came to: whether it holds, and what a document says about it.
    private typealias Outcome = (isSound: Bool, section: PageSection)

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let first = arguments.first, ["--help", "-h"].contains(first) {
            print(SimulationOptions.usage)
            exit(0)
        }
        guard let options = SimulationOptions(arguments) else {
            print(SimulationOptions.usage)
            exit(2)
        }
        guard let disks = disks(options) else { exit(2) }
        let start = ContinuousClock.now
        var (isSound, section) =
            switch options.command {
            case .sweep: await sweep(options, on: disks)
            case .seeds: await seeds(options, on: disks)
            case .bugs: await bugs(options)
            }
        section.seconds = (ContinuousClock.now - start).components.seconds
        if isSound, let page = options.page { try section.write(into: page) }
        print("\(options.command.rawValue): \(isSound ? "nothing broken" : "FAILED"), in \(section.seconds) s")
        exit(isSound ? 0 : 1)
    }

    /// What disks are made of; `nil` when that cannot be had, which has been said then.
    private static func disks(_ options: SimulationOptions) -> Disks? {
        guard options.store == .postgres else { return .memory }
        guard let url = ProcessInfo.processInfo.environment["SAGA_TEST_POSTGRES"], !url.isEmpty else {
            say("--store postgres: SAGA_TEST_POSTGRES names no database; scripts/with-postgres makes one")
            return nil
        }
        guard let complaint = PostgresDisk.complaint(of: url) else { return .postgres(url: url) }
        say("the database of SAGA_TEST_POSTGRES: \(complaint)")
        return nil
    }

    private static func sweep(_ options: SimulationOptions, on disks: Disks) async -> Outcome {
        var isSound = true
        var rows: [String] = []
        for episode in options.episodes {
            var campaign = SweepCampaign(
                episode: episode, stride: options.stride, singleStride: options.singleStride, disks: disks)
            campaign.allManners = options.allManners
            let report = await campaign.run(progress: say)
            print(report)
            for (points, complaints) in report.broken.prefix(5) {
                print("  at \(points): " + complaints.prefix(4).joined(separator: "\n    "))
            }
            for points in report.unmet.prefix(5) { print("  not met: \(points)") }
            isSound = isSound && report.isSound
            rows.append(report.row)
        }
        return (
            isSound,
            PageSection(
                name: "sweep" + disks.suffix,
                title: "A crash at every boundary, and again while recovering" + disks.place,
                command: "scripts/crash-sweep" + options.sweepArguments, seconds: 0,
                body: SweepCampaign.Report.page(rows))
        )
    }

    private static func seeds(_ options: SimulationOptions, on disks: Disks) async -> Outcome {
        let count = options.only == nil ? options.seeds : 1
        let campaign = SeedCampaign(
            first: options.only ?? options.first, count: count, repeats: options.runs > 1, disks: disks)
        let report = await campaign.run(progress: say)
        for result in report.broken.prefix(8) {
            print("seed \(result.seed): " + result.complaints.prefix(count == 1 ? 100 : 4).joined(separator: "\n  "))
            let store = disks.isMemory ? "" : " --store postgres"
            print("  repeat it with: saga-sim seeds\(store) --seed \(result.seed)")
        }
        print(report)
        var isSound = report.broken.isEmpty
        if !isSound { print("broken seeds: \(report.broken.count), \(report.broken.prefix(40).map(\.seed))") }
        if count >= 1_000, !report.emptyCells.isEmpty {
            print("never met: \(report.emptyCells.joined(separator: ", "))")
            isSound = false
        }
        if let expected = options.expected, expected != report.digest {
            print("the digest under another hash seed was \(expected)")
            isSound = false
        }
        return (
            isSound,
            PageSection(
                name: "seeds" + disks.suffix,
                title: "Seeds: every fault mixed, chaos and then quiet" + disks.place,
                command: "scripts/\(disks.isMemory ? "hash-seeds" : "postgres-seeds") \(count)", seconds: 0,
                body: report.page)
        )
    }

    private static func bugs(_ options: SimulationOptions) async -> Outcome {
        var section = PageSection(
            name: "planted", title: "Planted bugs", command: "scripts/planted-bugs --seeds \(options.seeds)",
            seconds: 0, body: "")
        #if PLANTED_BUGS
            let rows = await PlantedCampaign(seeds: options.seeds).run(progress: say)
            print(rows.table)
            section.body = rows.page
            return (rows.allSatisfy { $0.catching != nil }, section)
        #else
            section.body = "No mistakes are planted in this build: make one with -Xswiftc -DPLANTED_BUGS."
            print(section.body)
            return (false, section)
        #endif
    }

    @Sendable private static func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
