#if PLANTED_BUGS
    import Foundation
    import SagaEngine
    import SagaTestKit
    import Testing

    /// Each mistake that is planted must be caught by the sweep, the seeds and the checker as they are.
    @Suite(.serialized) struct PlantedBugTests {
        private static let environment = ProcessInfo.processInfo.environment
        private static let seeds = environment["SAGA_SEEDS"].flatMap { Int($0) } ?? 2_000
        /// How many seeds are tried before the next look at whether one of them has caught it.
        private static let batch = 50

        @Test func `every planted bug is caught`() async {
            var lines: [String] = []
            for bug in Planted.allCases {
                Planted.current = bug
                let catching = await caught()
                Planted.current = nil
                #expect(catching != nil, "\(bug.rawValue) survives")
                lines.append(
                    "| \(bug.rawValue) | \(catching?.invariant ?? "survived") | \(catching?.place ?? "-") | \(catching?.message ?? "-") |"
                )
            }
            print("| planted bug | caught by | first | in words |\n|---|---|---|---|\n" + lines.joined(separator: "\n"))
        }

        private struct Catching: Sendable {
            var invariant: String
            var place: String
            var message: String

            init?(_ run: FixtureRun, _ place: String) {
                if let violation = run.violations.first {
                    invariant = violation.invariant
                    message = violation.message
                } else if let failure = run.failure {
                    invariant = "I11"
                    message = "\(failure)"
                } else {
                    return nil
                }
                self.place = place
            }
        }

        /// The first thing that catches it: a single crash of the sweep, or a seed.
        private func caught() async -> Catching? {
            for episode in SweepEpisode.allCases {
                let clean = SweepRun(episode, seed: 1, points: [])
                if let found = Catching(clean.run, "\(episode) without a crash") { return found }
                let points = SweepPoint.all(persists: 1...clean.run.persists, calls: 1...clean.run.calls)
                let found = await WorkerThreads.map(points.count) { index in
                    Catching(SweepRun(episode, seed: 1, points: [points[index]]).run, "\(episode) at \(points[index])")
                }
                if let first = found.compactMap({ $0 }).first { return first }
            }
            for start in stride(from: 1, through: Self.seeds, by: Self.batch) {
                let found = await WorkerThreads.map(Self.batch) { index in
                    let seed = UInt64(start + index)
                    return Catching(SeedRecipe(seed: seed).run(), "seed \(seed)")
                }
                if let first = found.compactMap({ $0 }).first { return first }
            }
            return nil
        }
    }
#endif
