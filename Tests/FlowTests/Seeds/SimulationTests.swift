import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import Testing

/// Thousands of seeds: every simulated fault mixed by swarm, chaos first, then quiet.
@Suite(.serialized) struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// One seed alone, to repeat a failure.
    private static let only = environment["SAGA_SEED"].flatMap { UInt64($0) }
    private static let count = environment["SAGA_SEEDS"].flatMap { Int($0) } ?? 2_000
    private static let first = environment["SAGA_FIRST_SEED"].flatMap { UInt64($0) } ?? 1

    static func repetition(_ seed: UInt64) -> String {
        "SAGA_SEED=\(seed) swift test -c release -Xswiftc -enable-testing --filter SimulationTests"
    }

    @Test func `every seed ends whole, and ends the same when run again`() async {
        let start = ContinuousClock.now
        let seeds = Self.only.map { [$0] } ?? (0..<Self.count).map { Self.first + UInt64($0) }
        let results = await WorkerThreads.map(seeds.count) { index -> SeedResult in
            let recipe = SeedRecipe(seed: seeds[index])
            let run = recipe.run()
            let again = recipe.run()
            return SeedResult(recipe: recipe, run: run, repeats: run.digest == again.digest && run.steps == again.steps)
        }
        let bad = results.filter { !$0.run.complaints.isEmpty || !$0.repeats }
        for result in bad.prefix(8) {
            let complaints = result.run.complaints + (result.repeats ? [] : ["the second run was another one"])
            Issue.record(
                "seed \(result.recipe.seed): \(complaints.prefix(4).joined(separator: "\n"))\n\(Self.repetition(result.recipe.seed))"
            )
        }
        #expect(bad.count == 0, "seeds: \(bad.prefix(40).map(\.recipe.seed))")
        let campaign = Campaign(results)
        print(campaign.report(ContinuousClock.now - start))
        if Self.only == nil, Self.count >= 1_000 { #expect(campaign.emptyCells == []) }
    }
}

/// What one seed came to.
struct SeedResult: Sendable {
    var recipe: SeedRecipe
    var run: FixtureRun
    var repeats: Bool
}

/// What all seeds came to together.
struct Campaign {
    private let results: [SeedResult]
    private var faults = FaultCounts()
    private var cells: [String: Int] = [:]

    init(_ results: [SeedResult]) {
        self.results = results
        for result in results {
            faults.merge(result.run.faults)
            for (cell, count) in result.run.persistFaults {
                cells["\(cell.fault.rawValue) \(cell.operation)", default: 0] += count
            }
            for (cell, count) in result.run.callFaults { cells["\(cell)", default: 0] += count }
        }
    }

    private static let processVerbs = ["submit", "append", "notice", "claim", "lease", "print"]
    private static let callVerbs = ["deliver", "find", "requestNotice"]

    /// Every fault and verb that can meet, with how often they did.
    var matrix: [(fault: String, verb: String, count: Int)] {
        let counterparties = faults.cells.filter { $0.verb != .list }.map {
            ($0.kind.rawValue, $0.verb.rawValue, $0.count)
        }
        let persists = [StoreFault.crashBefore, .crashAfter, .errorAfterApplying, .unavailable].flatMap { fault in
            Self.processVerbs.map { ("commit_\(fault.rawValue)", $0, cells["\(fault.rawValue) \($0)"] ?? 0) }
        }
        let calls = [CallStrike.crashBefore, .crashAfter, .errorAfterApplying].flatMap { strike in
            Self.callVerbs.map { ("call_\(strike.rawValue)", $0, cells["\(strike.rawValue) \($0)"] ?? 0) }
        }
        return counterparties + persists + calls
    }

    /// The cells that nothing has met.
    var emptyCells: [String] { matrix.filter { $0.count == 0 }.map { "\($0.fault) at \($0.verb)" } }

    func report(_ duration: Duration) -> String {
        var lines = ["fault kind × verb over \(results.count) seeds:"]
        var rows: [(String, [String])] = []
        for (fault, verb, count) in matrix {
            if rows.last?.0 == fault {
                rows[rows.count - 1].1.append("\(verb) \(count)")
            } else {
                rows.append((fault, ["\(verb) \(count)"]))
            }
        }
        for (fault, cells) in rows {
            lines.append(
                "  \(fault.padding(toLength: 28, withPad: " ", startingAt: 0)) \(cells.joined(separator: ", "))")
        }
        var statuses: [SagaStatus: Int] = [:]
        for result in results { statuses.merge(result.run.statuses, uniquingKeysWith: +) }
        let shown = SagaStatus.allCases.map { "\($0.rawValue) \(statuses[$0] ?? 0)" }.joined(separator: ", ")
        let deaths = results.reduce(0) { $0 + $1.run.deaths }
        let digest = SHA256Digest.hash(results.flatMap(\.run.digest)).map { String(format: "%02x", $0) }.joined()
        lines.append("sagas: \(shown); process deaths \(deaths); calls \(results.reduce(0) { $0 + $1.run.calls })")
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        lines.append(
            "seeds: \(results.count) × 2 runs in \(String(format: "%.1f", seconds)) s, \(String(format: "%.1f", Double(results.count) / seconds)) seeds/s"
        )
        lines.append("simulation digest: \(digest)")
        return lines.joined(separator: "\n")
    }
}
