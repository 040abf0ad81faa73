import Adapters
import SagaEngine
import SettlementFlows

/// Goes on with a settlement from what a crash has left, to its end.
struct Recovery {
    let folder: String
    let promises: Promises
    /// The effects of a settlement that nothing disturbs.
    let expected: [String]

    /// What is wrong at the end; empty when nothing is.
    func violations() async -> [String] {
        do {
            switch try await SettlementWorkload.recovery(in: folder, after: promises).run() {
            case .completed(let settlement, let effects): return violations(of: settlement, effects)
            case .stopped(let why), .waiting(let why): return ["it does not recover: \(why)"]
            }
        } catch {
            return ["it does not recover: \(error)"]
        }
    }

    private func violations(of settlement: Settlement, _ effects: [String]) -> [String] {
        var found: [String] = []
        if effects != expected {
            var times: [String: Int] = [:]
            for effect in effects { times[effect, default: 0] += 1 }
            let doubled = times.filter { $0.value > 1 }.keys.sorted()
            found.append(
                "other effects than one for each key: doubled \(doubled), "
                    + "missing \(Set(expected).subtracting(effects).sorted()), "
                    + "besides \(Set(effects).subtracting(expected).sorted())")
        }
        if settlement.outcome != .settled { found.append("it ended as: \(settlement.outcome.rawValue)") }
        for figure in settlement.figures where !figure.agrees { found.append("the books disagree: \(figure)") }
        return found
    }
}
