import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// Makes simulated runs of the settlement's own flows.
struct SettlementWorld {
    var plan: SimulationPlan
    var faults = Adapters.FaultPlan()
    var offerings: [SimulatedOffering]
    /// What its disk is made of.
    var disks = Disks.memory
    /// Whether lines are funded by the flow that catches everything.
    var isGreedy = false

    static let approvals: [CheckedApproval] = [
        CheckedApproval(
            flow: UnitDistribution.name, evidence: UnitDistribution.Stage.delivered.name,
            dependents: [UnitDistribution.Stage.post, .record].map(\.name)),
        CheckedApproval(
            flow: OfferingSettlement.name, evidence: OfferingSettlement.Stage.minted.name,
            dependents: [OfferingSettlement.Stage.book, .recorded].map(\.name)),
    ]

    static let compensations = [
        CheckedCompensation(
            flow: InvestorFunding.name, stage: InvestorFunding.Stage.transfer.name,
            compensation: InvestorFunding.Stage.refundRest.name)
    ]

    func run(_ script: @escaping @Sendable (Simulation) async -> Void) -> SimulatedRun {
        let faults = faults
        let offerings = offerings
        let isGreedy = isGreedy
        let disks = disks
        let simulation = Simulation(plan: plan, digest: QuickDigest()) { clock in
            disks.make(clock: clock, digest: QuickDigest(), of: offerings)
        } parties: { clock, inbox in
            SettlementParties(clock: clock, faults: faults, inbox: inbox, offerings: offerings)
        } flows: { parties, disk in
            parties.flows(of: offerings, greedy: isGreedy, on: disk)
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
        defer { disks.remove(simulation.disk) }
        return judged(simulation, world.world, failure)
    }

    private func judged(_ simulation: Simulation, _ world: CheckedWorld?, _ failure: SimulationFailure?) -> SimulatedRun
    {
        var violations = simulation.troubles.map { Violation("harness", $0) }
        var content: [UInt8] = []
        var statuses: [SagaStatus: Int] = [:]
        var roots: [SagaStatus] = []
        if let world {
            violations += Checker(world, digest: QuickDigest()).violations()
            violations += world.sagas.flatMap(Self.alarms(of:))
            for saga in world.sagas {
                content += Array("\(saga.row.id) \(saga.row.standing.status)\n".utf8) + saga.row.standing.predicament
                for entry in saga.journal { content += entry.link.bytes }
                statuses[saga.row.standing.status, default: 0] += 1
                if saga.row.parent == nil { roots.append(saga.row.standing.status) }
            }
            for fact in world.facts { content += Array("\(fact.party) \(fact.reference)\n".utf8) }
        }
        let struck = simulation.calls.filter { $0.strike != .none }
        var callFaults: [String: Int] = [:]
        for call in struck { callFaults["\(call.strike.rawValue) \(call.verb.rawValue)", default: 0] += 1 }
        return SimulatedRun(
            violations: violations, failure: failure, persists: simulation.persists.points,
            calls: simulation.calls.count, deaths: simulation.deaths, steps: simulation.executor.steps,
            clock: simulation.clock.now() - SimulatedRun.start,
            digest: SHA256Digest.hash(content),
            faults: (simulation.parties as? SettlementParties)?.world.faultCounts ?? FaultCounts(),
            persistFaults: simulation.persists.cells, callFaults: callFaults, statuses: statuses, roots: roots,
            struckPersists: simulation.persists.faults, struckCalls: struck.count)
    }

    /// Causes that only a mistake of the program's own brings about here, where accounts and books are in order.
    private static let ownMistakes: Set<String> = ["halted", "violation", "divergence", "illegal"]

    /// The times that a guard within the program has stopped a saga: what it guards against has happened.
    private static func alarms(of saga: CheckedSaga) -> [Violation] {
        saga.journal.filter { $0.kind == .stuck }.compactMap { entry in
            do throws(CodecError) {
                let body = try JSONValue.parse(entry.body)
                guard let cause = body["cause"]?.stringValue, ownMistakes.contains(cause) else { return nil }
                return Violation("guard", "\(saga.row.id): \(cause), \(body["message"]?.stringValue ?? "")")
            } catch {
                return Violation("I14", "\(saga.row.id): entry \(entry.sequence) cannot be read: \(error)")
            }
        }
    }

    /// What the ledger has written, read by a reader of its own.
    static func postings(_ disk: any SimulatedDisk) -> [CheckedPosting] {
        let sets = disk.lines(of: LedgerHandler.log).map {
            CheckedPosting(saga: $0.cause.saga, stage: $0.cause.stage, lines: legs($0.body))
        }
        // A stage may tell people besides, or do nothing else; told twice it shows as posted twice.
        var told = Set(sets.map { "\($0.saga)/\($0.stage)" })
        let outbox = disk.lines(of: OutboxHandler.log)
        let notices = outbox.filter { told.remove("\($0.cause.saga)/\($0.cause.stage)") == nil }
        return sets + notices.map { CheckedPosting(saga: $0.cause.saga, stage: $0.cause.stage, lines: []) }
    }

    private static func legs(_ body: [UInt8]) -> [CheckedPosting.Line] {
        do throws(CodecError) {
            return (try JSONValue.parse(body)["legs"]?.arrayValue ?? []).map { leg in
                guard let account = leg["account"]?.stringValue, let asset = leg["asset"]?.stringValue,
                    let gain = leg["gain"]?.stringValue.flatMap({ Int128($0) })
                else { preconditionFailure("the ledger wrote a leg that cannot be read: \(leg)") }
                return CheckedPosting.Line(account: account, asset: asset, amount: gain)
            }
        } catch {
            preconditionFailure("the ledger wrote a line that cannot be read: \(error)")
        }
    }
}

/// Carries the finished world out of the simulation.
final class WorldBox: @unchecked Sendable {
    // Unchecked: written and read on the simulation's one thread only.
    private(set) var world: CheckedWorld?

    func read(_ simulation: Simulation, offerings: [SimulatedOffering]) async {
        do throws(StoreError) {
            world = try await CheckedWorld(
                of: simulation, postings: SettlementWorld.postings, offerings: offerings.map(\.oracle),
                approvals: SettlementWorld.approvals, compensations: SettlementWorld.compensations)
        } catch {
            preconditionFailure("a memory store cannot be read: \(error)")
        }
    }
}
