import SagaEngine
import SagaTestKit

/// A crash at every boundary of an episode, and again at every boundary of the recovery.
struct SweepCampaign: Sendable {
    var episode: SweepEpisode
    /// Of the pairs of points every how-many-th is run.
    var stride = 1
    /// Of the single points every how-many-th is run; where it is 1 every boundary of a clean run is visited.
    var singleStride = 1
    /// What the simulations' disks are made of.
    var disks = Disks.memory
    /// Whether the second point is struck in all manners, or in one that takes turns with the first point.
    var allManners = false

    /// What came of it.
    struct Report: Sendable {
        var episode: SweepEpisode
        /// Of the single points every how-many-th was run.
        var singleStride = 1
        var persists = 0
        var calls = 0
        var visited = 0
        var singles = 0
        var doubles = 0
        var pairs = 0
        var crashes = 0
        /// Runs whose points were not all met.
        var unmet: [[SweepPoint]] = []
        /// Runs that broke a rule, with what they broke.
        var broken: [(points: [SweepPoint], complaints: [String])] = []

        /// Whether every boundary that was to be visited was, every point met, and no rule broken.
        var isSound: Bool {
            visited > 0 && (singleStride > 1 || visited == persists + calls) && unmet.isEmpty && broken.isEmpty
        }
    }

    /// What is kept of one run.
    private struct Outcome: Sendable {
        var points: [SweepPoint]
        var complaints: [String]
        var hasStruckAll: Bool
        var deaths: Int
        var recovery: [SweepPoint] = []
    }

    /// Runs it; `progress` is told now and then how far it is.
    func run(progress: @escaping @Sendable (String) -> Void = { _ in }) async -> Report {
        let clean = SweepRun(episode, seed: 1, points: [], on: disks)
        var report = Report(
            episode: episode, singleStride: singleStride, persists: clean.run.persists, calls: clean.run.calls)
        if !clean.run.complaints.isEmpty { report.broken.append(([], clean.run.complaints)) }
        guard clean.run.persists > 0, clean.run.calls > 0 else { return report }

        let points = SweepPoint.all(persists: 1...clean.run.persists, calls: 1...clean.run.calls)
        let singles = await outcomes(
            of: (0..<points.count).filter { $0.isMultiple(of: singleStride) }.map { [points[$0]] }, progress)
        note(singles, in: &report)
        report.singles = singles.count
        report.visited = Set(singles.filter(\.hasStruckAll).flatMap(\.points).map { "\($0.place) \($0.number)" }).count

        let pairs = singles.flatMap { single in single.recovery.map { single.points + [$0] } }
        report.pairs = pairs.count
        let doubles = await outcomes(
            of: (0..<pairs.count).filter { $0.isMultiple(of: stride) }.map { pairs[$0] }, progress)
        note(doubles, in: &report)
        report.doubles = doubles.count
        return report
    }

    private func outcomes(
        of points: [[SweepPoint]], _ progress: @escaping @Sendable (String) -> Void
    ) async -> [Outcome] {
        let (episode, allManners, disks) = (episode, allManners, disks)
        return await WorkerThreads.map(points.count) { index in
            let run = SweepRun(episode, seed: 1, points: points[index], on: disks)
            if (index + 1).isMultiple(of: 5_000) {
                progress("\(episode.rawValue): \(index + 1) of \(points.count) runs with \(points[index].count) points")
            }
            return Outcome(
                points: points[index], complaints: run.run.complaints, hasStruckAll: run.hasStruckAll,
                deaths: run.run.deaths,
                recovery: points[index].count == 1 ? run.recovery(allManners ? nil : index) : [])
        }
    }

    private func note(_ outcomes: [Outcome], in report: inout Report) {
        for outcome in outcomes {
            report.crashes += outcome.deaths
            if !outcome.hasStruckAll { report.unmet.append(outcome.points) }
            if !outcome.complaints.isEmpty { report.broken.append((outcome.points, outcome.complaints)) }
        }
    }
}

extension SweepCampaign.Report: CustomStringConvertible {
    /// One line.
    var description: String {
        "crash sweep \(episode.rawValue): \(visited) of \(persists) persists + \(calls) calls visited, "
            + "\(singles) single and \(doubles) of \(pairs) double runs, \(crashes) crashes, "
            + "\(unmet.count) points not met, \(broken.count) runs with violations"
    }
}

extension SweepCampaign.Report {
    /// A line of the document's table.
    var row: String {
        "| \(episode.rawValue) | \(persists) | \(calls) | \(visited) | \(singles) | \(doubles) of \(pairs) "
            + "| \(crashes) | **\(broken.count)** |"
    }

    /// The document's section.
    static func page(_ rows: [String]) -> String {
        """
        Three investors, the settlement's own flows; a crash before, after and at an unclear answer of every commit
        and every call, then a second one at every boundary of the recovery. *greedy* is a funding flow that catches
        every error and then sends the money back; *exclusion* and *cancellation* refund through the bank, in
        amounts past 2^53.

        | episode | persists | calls | visited | single crashes | double crashes | deaths | violations |
        |---|---|---|---|---|---|---|---|

        """ + rows.joined(separator: "\n")
    }
}
