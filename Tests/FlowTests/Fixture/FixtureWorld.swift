import Adapters
import SagaEngine
import SagaTestKit

/// One simulated run of the fixture, judged.
struct FixtureRun {
    var violations: [Violation]
    var failure: SimulationFailure?
    var persists: Int
    var calls: Int
    var deaths: Int
    var steps: Int
    var clock: Span
    var digest: [UInt8]
    var faults: FaultCounts
    var persistFaults: [FaultTally.Cell: Int]
    var callFaults: [String: Int]
    var statuses: [SagaStatus: Int]
    var struckPersists: Int
    var struckCalls: Int

    /// What is wrong, in words; empty when nothing is.
    var complaints: [String] {
        (failure.map { ["\($0), \(persists) persists, \(calls) calls, \(clock.milliseconds) ms"] } ?? [])
            + violations.map(\.description)
    }
}

/// Makes simulated runs of the fixture.
struct FixtureWorld {
    var plan: SimulationPlan
    var faults = Adapters.FaultPlan()
    var offerings: [FixtureOffering]

    static let registry: FlowRegistry = {
        var registry = FlowRegistry()
        registry.register(FixtureSettlement<FixtureFunding>())
        registry.register(FixtureSettlement<FixtureGreedyFunding>())
        registry.register(FixtureFunding())
        registry.register(FixtureGreedyFunding())
        registry.register(FixtureDistribution())
        registry.register(FixtureReturn())
        return registry
    }()

    static let approvals: [CheckedApproval] = [
        approval(FixtureDistribution.name, "delivered", ["post", "record"]),
        approval(FixtureFunding.settlement, "minted", ["book", "record"]),
        approval(FixtureGreedyFunding.settlement, "minted", ["book", "record"]),
    ]

    static let compensations = [FixtureFunding.name, FixtureGreedyFunding.name].map {
        CheckedCompensation(
            flow: $0, stage: StageName(rawValue: "transfer"), compensation: StageName(rawValue: "giveBack"))
    }

    private static func approval(_ flow: String, _ evidence: String, _ dependents: [String]) -> CheckedApproval {
        CheckedApproval(
            flow: flow, evidence: StageName(rawValue: evidence), dependents: dependents.map { StageName(rawValue: $0) })
    }

    func run(_ script: @escaping @Sendable (Simulation) async -> Void) -> FixtureRun {
        let faults = faults
        let offerings = offerings
        let simulation = Simulation(
            plan: plan, registry: Self.registry, handlers: [FixtureLedger()], digest: FixtureDigest()
        ) { clock, inbox in
            MockParties(clock: clock, faults: faults, inbox: inbox, offerings: offerings)
        }
        let world = WorldBox()
        var failure: SimulationFailure?
        do throws(SimulationFailure) {
            try simulation.run { simulation in
                await script(simulation)
                await world.read(simulation, offerings: offerings)
            }
        } catch {
            failure = error
        }
        return judged(simulation, world.world, failure)
    }

    private func judged(_ simulation: Simulation, _ world: CheckedWorld?, _ failure: SimulationFailure?) -> FixtureRun {
        var violations = simulation.troubles.map { Violation("harness", $0) }
        var content: [UInt8] = []
        var statuses: [SagaStatus: Int] = [:]
        if let world {
            violations += Checker(world, digest: FixtureDigest()).violations()
            for saga in world.sagas {
                content += Array("\(saga.row.id) \(saga.row.standing.status)\n".utf8) + saga.row.standing.predicament
                for entry in saga.journal { content += entry.link.bytes }
                statuses[saga.row.standing.status, default: 0] += 1
            }
            for fact in world.facts { content += Array("\(fact.party) \(fact.reference)\n".utf8) }
        }
        let struck = simulation.calls.filter { $0.strike != .none }
        var callFaults: [String: Int] = [:]
        for call in struck { callFaults["\(call.strike.rawValue) \(call.verb.rawValue)", default: 0] += 1 }
        return FixtureRun(
            violations: violations, failure: failure, persists: simulation.persists.points,
            calls: simulation.calls.count, deaths: simulation.deaths, steps: simulation.executor.steps,
            clock: simulation.clock.now() - Timestamp(milliseconds: 1_767_225_600_000),
            digest: SHA256Digest.hash(content),
            faults: (simulation.parties as? MockParties)?.world.faultCounts ?? FaultCounts(),
            persistFaults: simulation.persists.cells, callFaults: callFaults, statuses: statuses,
            struckPersists: simulation.persists.faults, struckCalls: struck.count)
    }

    /// What the offerings should come to.
    static func oracle(_ offerings: [FixtureOffering]) -> [CheckedOffering] {
        offerings.compactMap { offering in
            guard let id = SagaID(rawValue: offering.name) else { return nil }
            return CheckedOffering(
                saga: id, issuer: offering.issuer, treasury: offering.treasury,
                lines: offering.lines.compactMap { line in
                    SagaID(rawValue: "\(offering.name)/fund/\(line.investor)").map {
                        CheckedLine(
                            funding: $0, escrow: line.escrow, token: line.token, paid: line.paid,
                            payable: line.payable, units: line.units)
                    }
                })
        }
    }

    static func postings(_ books: MemoryBooks) -> [CheckedPosting] {
        books.log("postings").map { line in
            let entries: [FixturePosting.Entry]
            do {
                entries = try JournalDecoder().decode([FixturePosting.Entry].self, from: line.body)
            } catch {
                preconditionFailure("the ledger wrote a line that cannot be read: \(error)")
            }
            return CheckedPosting(
                saga: line.cause.saga, stage: line.cause.stage,
                lines: entries.map { .init(account: $0.account, asset: $0.asset, amount: $0.amount) })
        }
    }
}

/// Carries the finished world out of the simulation.
final class WorldBox: @unchecked Sendable {
    // Unchecked: written and read on the simulation's one thread only.
    private(set) var world: CheckedWorld?

    func read(_ simulation: Simulation, offerings: [FixtureOffering]) async {
        do throws(StoreError) {
            world = try await CheckedWorld(
                of: simulation, postings: FixtureWorld.postings, offerings: FixtureWorld.oracle(offerings),
                approvals: FixtureWorld.approvals, compensations: FixtureWorld.compensations)
        } catch {
            preconditionFailure("a memory store cannot be read: \(error)")
        }
    }
}
