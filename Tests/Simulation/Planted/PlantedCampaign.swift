#if PLANTED_BUGS
    import SagaEngine
    import SagaTestKit

    /// Each mistake that is planted must be caught by the sweep, the seeds and the checker as they are.
    struct PlantedCampaign: Sendable {
        /// How many seeds are tried at most for one mistake.
        var seeds = 2_000
        /// How many seeds are tried before the next look at whether one of them has caught it.
        private static let batch = 50

        /// What caught one mistake; `nil` where it survived.
        struct Row: Sendable {
            var bug: Planted
            var catching: Catching?
        }

        /// The first run that broke a rule.
        struct Catching: Sendable {
            var invariant: String
            var place: String
            var message: String

            init?(_ run: SimulatedRun, _ place: String) {
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

            init(law: String, seen: String) {
                (invariant, place, message) = ("store law", law, seen)
            }
        }

        /// Plants one after the other.
        func run(progress: @escaping @Sendable (String) -> Void) async -> [Row] {
            var rows: [Row] = []
            for bug in Planted.allCases {
                Planted.current = bug
                let row = Row(bug: bug, catching: await caught())
                Planted.current = nil
                progress("\(bug.rawValue): \(row.catching?.place ?? "survived")")
                rows.append(row)
            }
            return rows
        }

        /// The first thing that catches it: a single crash of the sweep, a seed, or a law of the store.
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
            for start in stride(from: 1, through: seeds, by: Self.batch) {
                let found = await WorkerThreads.map(Self.batch) { index in
                    let seed = UInt64(start + index)
                    return Catching(SeedRecipe(seed: seed).run(), "seed \(seed)")
                }
                if let first = found.compactMap({ $0 }).first { return first }
            }
            // What no run can meet, because something before it holds, the laws of the disk itself must see.
            return await MemoryLaws.firstBroken().map { Catching(law: $0.law, seen: $0.seen) }
        }
    }

    extension [PlantedCampaign.Row] {
        /// The document's section.
        var page: String {
            """
            Mistakes that exist in no build but their own (`-DPLANTED_BUGS`), each left to the sweep, the seeds,
            the checker and the store laws that the clean build passes. \(count { $0.catching != nil }) of \(count)
            are caught. `guard` means that a check within the flows or the engine stopped the saga.

            \(table)
            """
        }

        /// A table for people.
        var table: String {
            let rows = map { row in
                let found = row.catching
                return "| `\(row.bug.rawValue)` | \(found?.invariant ?? "survived") | \(found?.place ?? "-") "
                    + "| \(found?.message ?? "-") |"
            }
            return "| planted bug | caught by | first | in words |\n|---|---|---|---|\n"
                + rows.joined(separator: "\n")
        }
    }
#endif
