import SagaEngine
import SagaTestKit

/// A run with something going wrong at one or two points, and how far it was when the first one struck.
struct SweepRun: Sendable {
    var points: [SweepPoint]
    var run: SimulatedRun
    var mark: Mark

    /// How many persists and calls there had been.
    struct Mark: Sendable {
        var persists = 0
        var calls = 0
        var isSet = false
    }

    /// Whether every point was met.
    var hasStruckAll: Bool { run.struckPersists + run.struckCalls == points.count }

    init(_ episode: SweepEpisode, seed: UInt64, points: [SweepPoint], on disks: Disks = .memory) {
        self.points = points
        let mark = MarkBox()
        var plan = SimulationPlan(seed: seed)
        plan.persists = FaultPlan { number in
            let fault = points.first { $0.place == .persist && $0.number == number }?.storeFault ?? .none
            mark.note(persists: number, strikes: fault != .none)
            return fault
        }
        plan.calls = { number in
            let strike = points.first { $0.place == .call && $0.number == number }?.callStrike ?? .none
            mark.note(calls: number, strikes: strike != .none)
            return strike
        }
        run = episode.run(plan, on: disks)
        self.mark = mark.value
    }

    /// The points of the recovery: everything after the first strike, in every manner or in one that takes turns.
    func recovery(_ turn: Int?) -> [SweepPoint] {
        let points = SweepPoint.all(
            persists: mark.persists < run.persists ? mark.persists + 1...run.persists : nil,
            calls: mark.calls < run.calls ? mark.calls + 1...run.calls : nil)
        guard let turn else { return points }
        return points.filter { ($0.number + turn + $0.manner) % SweepPoint.manners == 0 }
    }
}

private final class MarkBox: Sendable {
    private let mark = Locked(SweepRun.Mark())

    var value: SweepRun.Mark { mark.withLock { $0 } }

    func note(persists: Int? = nil, calls: Int? = nil, strikes: Bool) {
        mark.withLock { mark in
            guard !mark.isSet else { return }
            mark.persists = persists ?? mark.persists
            mark.calls = calls ?? mark.calls
            mark.isSet = strikes
        }
    }
}
