import Foundation
import SagaEngine
import SagaTestKit
import Testing

/// A crash at every boundary of an offering of three, and again at every boundary of the recovery.
@Suite(.serialized) struct CrashSweepTests {
    /// Of the pairs of points every how-many-th is run: all of them in full, a sample otherwise.
    private static let stride: Int = {
        let environment = ProcessInfo.processInfo.environment
        if let stride = environment["SAGA_SWEEP_STRIDE"].flatMap({ Int($0) }) { return max(1, stride) }
        return environment["SAGA_TEST_SIZE"] == "full" ? 1 : 41
    }()

    /// Whether the second point is struck in all manners, or in one that takes turns with the first point.
    private static let allManners = ProcessInfo.processInfo.environment["SAGA_SWEEP_MANNERS"] == "all"

    @Test(arguments: SweepEpisode.allCases)
    func `a crash at any point, and another while recovering, changes nothing`(episode: SweepEpisode) async {
        let start = ContinuousClock.now
        let clean = SweepRun(episode, seed: 1, points: [])
        #expect(clean.run.complaints == [])
        #expect(clean.run.persists > 30 && clean.run.calls >= 3)

        let points = SweepPoint.all(persists: 1...clean.run.persists, calls: 1...clean.run.calls)
        let singles = await WorkerThreads.map(points.count) { SweepRun(episode, seed: 1, points: [points[$0]]) }
        report(singles)
        let visited = Set(singles.filter(\.hasStruckAll).flatMap(\.points).map { "\($0.place) \($0.number)" })
        #expect(visited.count == clean.run.persists + clean.run.calls)
        #expect(singles.count == SweepPoint.manners * (clean.run.persists + clean.run.calls))

        let pairs = singles.enumerated().flatMap { turn, single in
            single.recovery(Self.allManners ? nil : turn).map { single.points + [$0] }
        }
        let stride = Self.stride
        let count = (pairs.count + stride - 1) / stride
        let doubles = await WorkerThreads.map(count) { index -> (SweepRun?, Bool, Int) in
            let double = SweepRun(episode, seed: 1, points: pairs[index * stride])
            return (double.run.complaints.isEmpty ? nil : double, double.hasStruckAll, double.run.deaths)
        }
        report(doubles.compactMap(\.0))
        #expect(doubles.count { !$0.1 } == 0, "a second point was not met")
        print(
            "crash sweep \(episode.rawValue): \(clean.run.persists) persists + \(clean.run.calls) calls visited, "
                + "\(singles.count) single and \(doubles.count) of \(pairs.count) double runs, "
                + "\(doubles.reduce(0) { $0 + $1.2 }) crashes, \(ContinuousClock.now - start)")
    }

    private func report(_ runs: [SweepRun]) {
        for run in runs.filter({ !$0.run.complaints.isEmpty }).prefix(5) {
            Issue.record("at \(run.points): \(run.run.complaints.prefix(5).joined(separator: "\n"))")
        }
        #expect(runs.count { !$0.run.complaints.isEmpty } == 0)
    }
}
