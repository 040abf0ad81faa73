import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// What a crash sweep is run over: the real settlement of three investors, and what is done to it.
enum SweepEpisode: String, CaseIterable, Sendable {
    case settlement
    case greedy
    case exclusion
    case cancellation

    /// Sixteen units are asked for and twelve offered, so that everybody is refunded something.
    static let deposit = SimulatedOffering(SimulatedOffering.Terms(name: "SWEEP", offered: 12, wanted: [8, 5, 3]))
    /// Refunds go through the bank, and amounts pass what floating point holds exactly.
    static let bank = SimulatedOffering(
        SimulatedOffering.Terms(
            name: "SWEEP", price: 7, offered: 9_007_199_254_741_002, refundTo: .bank,
            wanted: [12, 9_007_199_254_740_993, 10]))

    /// How many lines there are.
    static let lines = 3
    /// The line that is taken out.
    private static let excluded = 2

    private var offering: SimulatedOffering {
        switch self {
        case .settlement, .greedy: Self.deposit
        case .exclusion, .cancellation: Self.bank
        }
    }

    /// How the settlement must end, whatever strikes.
    var ending: SagaStatus {
        switch self {
        case .settlement, .greedy, .exclusion: .completed
        case .cancellation: .cancelled
        }
    }

    /// One run under a plan; a settlement that ends otherwise than the episode does is a violation, too.
    func run(_ plan: SimulationPlan, on disks: Disks) -> SimulatedRun {
        let world = SettlementWorld(
            plan: plan, faults: faults, offerings: [offering], disks: disks, isGreedy: self == .greedy)
        var run = world.run(script)
        if run.failure == nil, run.roots != [ending] {
            run.violations.append(Violation("I11", "the \(rawValue) ended as \(run.roots), not as \(ending)"))
        }
        return run
    }

    private var faults: Adapters.FaultPlan {
        switch self {
        case .settlement, .greedy, .cancellation: Adapters.FaultPlan()
        case .exclusion:
            Adapters.FaultPlan(rules: [
                FaultRule(
                    .refusedLater, party: Parties.custodian, operation: "transfer",
                    references: ["*INV-\(Self.excluded)*"], attempts: .max)
            ])
        }
    }

    private var script: @Sendable (Simulation) async -> Void {
        let offering = offering
        let line = offering.line(Self.excluded, .fund)
        return { simulation in
            await simulation.submit(OfferingSettlement.self, id: offering.saga, input: offering.book.sealed)
            switch self {
            case .settlement, .greedy: break
            case .exclusion:
                _ = await simulation.untilStuck(line)
                await simulation.act(.exclude, on: line)
            case .cancellation:
                await simulation.untilSequence(2, of: offering.saga)
                await simulation.act(.cancel, on: offering.saga)
            }
            await simulation.untilSettled()
        }
    }
}
