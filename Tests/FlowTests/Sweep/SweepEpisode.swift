import Adapters
import SagaEngine
import SagaTestKit

/// What a crash sweep is run over: one offering of three investors and what is done to it.
enum SweepEpisode: String, CaseIterable, Sendable {
    case settlement
    case greedy
    case exclusion
    case cancellation

    static let offering = FixtureOffering(
        name: "SWEEP", allotmentAt: Timestamp(milliseconds: 1_767_225_600_000 + 60_000),
        lines: [
            FixtureLine(investor: "INV-1", paid: 500_000, payable: 252_000, units: 100, refundsByBank: false),
            FixtureLine(
                investor: "INV-2", paid: 18_014_398_509_481_987, payable: 18_014_398_509_481_985,
                units: 9_007_199_254_740_993, refundsByBank: true),
            FixtureLine(investor: "INV-3", paid: 90_000, payable: 90_000, units: 7, refundsByBank: false),
        ])

    /// One run under a plan.
    func run(_ plan: SimulationPlan) -> FixtureRun {
        FixtureWorld(plan: plan, faults: faults, offerings: [Self.offering]).run(script)
    }

    private var faults: Adapters.FaultPlan {
        switch self {
        case .settlement, .greedy, .cancellation: Adapters.FaultPlan()
        case .exclusion:
            Adapters.FaultPlan(rules: [
                FaultRule(.refusedLater, operation: "transfer", references: ["*INV-2*"], attempts: .max)
            ])
        }
    }

    private var script: @Sendable (Simulation) async -> Void {
        let id = SagaID(rawValue: Self.offering.name)
        let line = SagaID(rawValue: "\(Self.offering.name)/fund/INV-2")
        guard let id, let line else { preconditionFailure("the fixture's names are ids") }
        return { simulation in
            switch self {
            case .settlement:
                await simulation.submit(FixtureSettlement<FixtureFunding>.self, id: id, input: Self.offering)
            case .greedy:
                await simulation.submit(FixtureSettlement<FixtureGreedyFunding>.self, id: id, input: Self.offering)
            case .exclusion:
                await simulation.submit(FixtureSettlement<FixtureFunding>.self, id: id, input: Self.offering)
                _ = await simulation.untilStuck(line)
                await simulation.act(.exclude, on: line)
            case .cancellation:
                await simulation.submit(FixtureSettlement<FixtureFunding>.self, id: id, input: Self.offering)
                await simulation.untilSequence(2, of: id)
                await simulation.act(.cancel, on: id)
            }
            await simulation.untilSettled()
        }
    }
}
