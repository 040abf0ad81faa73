import Adapters
import Foundation
import SagaEngine
import SagaTestKit

/// Thousands of seeds: every simulated fault mixed by swarm, chaos first, then quiet.
struct SeedCampaign: Sendable {
    var first: UInt64 = 1
    var count = 2_000
    /// Whether each seed is run a second time, to see that it repeats.
    var repeats = true
    /// What the simulations' disks are made of.
    var disks = Disks.memory

    /// What one seed came to.
    struct Result: Sendable {
        var seed: UInt64
        var sagas: Int
        var run: SimulatedRun
        var repeats: Bool

        /// What is wrong, in words.
        var complaints: [String] { run.complaints + (repeats ? [] : ["the second run was another one"]) }
    }

    /// Runs them; `progress` is told now and then how far it is.
    func run(progress: @escaping @Sendable (String) -> Void = { _ in }) async -> SeedReport {
        let (first, count, repeats, disks, stride) = (first, count, repeats, disks, disks.isMemory ? 500 : 50)
        let results = await WorkerThreads.map(count) { index -> Result in
            let recipe = SeedRecipe(seed: first + UInt64(index))
            let run = recipe.run(on: disks)
            let again = repeats ? recipe.run(on: disks) : run
            if (index + 1).isMultiple(of: stride) { progress("\(index + 1) of \(count) seeds") }
            return Result(
                seed: recipe.seed, sagas: run.statuses.values.reduce(0, +), run: run,
                repeats: run.digest == again.digest && run.steps == again.steps)
        }
        return SeedReport(results, on: disks)
    }
}

/// What all seeds came to together.
struct SeedReport: Sendable {
    /// The seeds that broke a rule.
    let broken: [SeedCampaign.Result]
    private let results: [SeedCampaign.Result]
    private let disks: Disks
    private var faults = FaultCounts()
    private var cells: [String: Int] = [:]

    init(_ results: [SeedCampaign.Result], on disks: Disks) {
        self.results = results
        self.disks = disks
        broken = results.filter { !$0.complaints.isEmpty }
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
        let counterparties = faults.cells.map { ($0.kind.rawValue, $0.verb.rawValue, $0.count) }
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

    /// One digest over the journals of all seeds, in order: the same wherever the same seeds are run.
    var digest: String { Hex.string(SHA256Digest.hash(results.flatMap(\.run.digest))) }

    /// The document's section.
    var page: String {
        """
        1 to \(SeedRecipe.sagaLimit) sagas and 1 to 3 runners a seed, at least two fault kinds each, then a quiet phase
        in which operators mend what is stuck, except of every fourth seed. \(repetition)
        **\(broken.count)** seeds with violations.

        ```
        \(description)
        ```
        """
    }

    private var repetition: String {
        switch disks {
        case .memory:
            """
            Each seed was run twice in one process
            and once in another under another hash seed, with the same journals byte for byte.
            """
        case .postgres: "Each seed was run twice\nin one process, with the same journals byte for byte."
        }
    }

    /// How sagas stood in the end.
    var statuses: [SagaStatus: Int] {
        results.reduce(into: [:]) { $0.merge($1.run.statuses, uniquingKeysWith: +) }
    }
}

extension SeedReport: CustomStringConvertible {
    /// The matrix, and what became of the sagas.
    var description: String {
        var lines = ["fault kind × verb over \(results.count) seeds:"]
        var rows: [(fault: String, cells: [String])] = []
        for (fault, verb, count) in matrix {
            if rows.last?.fault != fault { rows.append((fault, [])) }
            rows[rows.count - 1].cells.append("\(verb) \(count)")
        }
        for row in rows {
            let name = row.fault.padding(toLength: 28, withPad: " ", startingAt: 0)
            lines.append("  \(name) \(row.cells.joined(separator: ", "))")
        }
        let statuses = statuses
        let shown = SagaStatus.allCases.map { "\($0.rawValue) \(statuses[$0] ?? 0)" }.joined(separator: ", ")
        let sizes = results.map(\.sagas)
        lines.append("sagas: \(sizes.min() ?? 0) to \(sizes.max() ?? 0) a seed, in the end \(shown)")
        lines.append(
            "process deaths \(results.reduce(0) { $0 + $1.run.deaths }), calls "
                + "\(results.reduce(0) { $0 + $1.run.calls }), persists \(results.reduce(0) { $0 + $1.run.persists })")
        lines.append("simulation digest: \(digest)")
        return lines.joined(separator: "\n")
    }
}
