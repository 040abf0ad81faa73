import Adapters
import SagaEngine
import SagaTestKit

/// One simulated run, judged: nothing is kept of its world but what reports need.
struct SimulatedRun: Sendable {
    /// When every simulation begins.
    static let start = SimulatedClock().now()

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
    /// How each settlement stood in the end.
    var roots: [SagaStatus]
    var struckPersists: Int
    var struckCalls: Int

    /// What is wrong, in words; empty when nothing is.
    var complaints: [String] {
        (failure.map { ["\($0), \(persists) persists, \(calls) calls, \(clock.milliseconds) ms"] } ?? [])
            + violations.map(\.description)
    }
}
