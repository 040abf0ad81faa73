import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

/// A run worth keeping for ever: three investors, and what a journal can hold of them.
enum JournalScenario: String, CaseIterable, Sendable {
    case settled, failed, excluded, resumed, held, cancelled, discarded

    /// The file for the flow's version of today.
    var golden: GoldenJournal { GoldenJournal(flow: OfferingSettlement.flow.description, scenario: rawValue) }

    private var terms: SampleTerms {
        switch self {
        case .failed: SampleTerms(minimum: 50)
        case .settled, .excluded, .resumed, .held, .cancelled, .discarded: SampleTerms()
        }
    }

    private var faults: [FaultRule] {
        switch self {
        case .excluded: [refusal(of: "transfer", "*INV-2*")]
        // Refused under its first key alone: the second one has an effect.
        case .resumed: [refusal(of: "transfer", "*INV-2:transfer~0")]
        case .held: [refusal(of: "deliver", "*INV-3*")]
        case .settled, .failed, .cancelled, .discarded: []
        }
    }

    private func refusal(of operation: String, _ reference: String) -> FaultRule {
        FaultRule(.refusedLater, party: Parties.custodian, operation: operation, references: [reference])
    }

    /// Runs it, and answers with every saga of it.
    func record() async throws -> [RecordedSaga] {
        let bench = try SettlementBench(
            terms, units: OfferingSettlementTests.three, faults: Adapters.FaultPlan(rules: faults))
        try await bench.use { bench in
            try await bench.submit()
            try await intervene(bench)
            try await bench.until(.completed, .cancelled)
        }
        var sagas: [RecordedSaga] = []
        for row in try await bench.store.search(SagaQuery(under: bench.id, limit: 100)).rows {
            sagas.append(RecordedSaga(row, try await bench.store.journal(of: row.id, after: 0, limit: 1_000)))
        }
        return sagas
    }

    private func intervene(_ bench: SettlementBench) async throws {
        let funding = SettlementBench.saga("\(bench.id)/fund/INV-2")
        let distribution = SettlementBench.saga("\(bench.id)/distribute/INV-3")
        switch self {
        case .settled, .failed: break
        case .excluded:
            try await bench.until(.stuck, cause: .refused, of: funding)
            try await bench.act(.exclude, on: funding)
        case .resumed:
            try await bench.until(.stuck, cause: .refused, of: funding)
            try await bench.act(.resume, on: funding)
        case .held:
            try await bench.until(.stuck, cause: .refused, of: distribution)
            try await bench.act(.exclude, on: distribution)
        case .cancelled:
            try await bench.until(.waiting, cause: .awaitingMoment)
            try await bench.act(.cancel)
        case .discarded:
            try await bench.until(.waiting, cause: .awaitingMoment)
            try await bench.act(.discard)
        }
    }
}
