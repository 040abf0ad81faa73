import Foundation
import SagaEngine
import SettlementFlows

/// The whole campaign: a clean run, the power cuts, the same without syncing as proof that losses are seen, the faults.
struct Campaign {
    let options: Options

    private var replaySize: Replay.Size {
        options.isFull
            ? Replay.Size(points: .max, subsets: 3, recoveries: 200)
            : Replay.Size(points: 40, subsets: 1, recoveries: 5)
    }
    private var laxSize: Replay.Size {
        options.isFull
            ? Replay.Size(points: 400, subsets: 1, recoveries: 0) : Replay.Size(points: 20, subsets: 0, recoveries: 0)
    }
    private var faultPoints: Int { options.isFull ? 60 : 1 }

    /// Runs everything and prints the figures; whether all is well.
    func run() async throws -> Bool {
        let expected = try await undisturbed()
        var report = CampaignReport(options: options)
        let recording = Recording(recorder: options.recorder, scratch: options.scratch)
        let (trace, ending) = try recording.run()
        guard ending == .completed else {
            say("error: the recorded settlement ended as \(ending.rawValue)")
            return false
        }
        report.cuts = try await replay(trace, expected, replaySize)
        say(report.cutsLine)
        let lax = try Recording(recorder: options.recorder, scratch: options.scratch, isLax: true).run()
        report.lax = try await replay(lax.trace, expected, laxSize)
        say(report.laxLine)
        let sweep = FaultSweep(
            recorder: options.recorder, scratch: options.scratch, expected: expected, operations: trace.operations,
            writes: trace.writes, points: faultPoints, seed: options.seed)
        for trouble in FaultSweep.troubles {
            let figures = try await sweep.run(trouble)
            report.faults.append((trouble.name, figures))
            say(report.line(of: trouble.name, figures))
        }
        for violation in report.violations.prefix(40) { say("violation: \(violation)") }
        for doubt in report.doubts { say("error: \(doubt)") }
        if let page = options.page { try report.write(into: page) }
        return report.violations.isEmpty && report.doubts.isEmpty
    }

    /// Prints a line at once, though nobody sits at a terminal.
    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    private func replay(_ trace: Trace, _ expected: [String], _ size: Replay.Size) async throws -> Replay.Figures {
        let replay = Replay(
            trace: trace, expected: expected, size: size, seed: options.seed, scratch: options.scratch)
        return try await replay.run()
    }

    /// The effects of a settlement that nothing disturbs.
    private func undisturbed() async throws -> [String] {
        let folder = "\(options.scratch)/undisturbed"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard case .completed(_, let effects) = try await SettlementWorkload.fresh(in: folder, isLax: false).run()
        else { throw StoreError(.misuse, "the settlement does not complete even when nothing disturbs it") }
        return effects
    }
}
