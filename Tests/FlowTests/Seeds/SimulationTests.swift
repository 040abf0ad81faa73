import SagaEngine
import Testing

@testable import saga_sim

/// A sample of the seeds, which `scripts/hash-seeds` runs by the thousand.
@Suite(.serialized) struct SimulationTests {
    @Test func `every seed ends whole, and ends the same when run again`() async {
        let report = await SeedCampaign(count: 40).run()
        for result in report.broken { Issue.record("seed \(result.seed): \(result.complaints.prefix(4))") }
        #expect(report.statuses[.completed] ?? 0 > 100)
    }
}
