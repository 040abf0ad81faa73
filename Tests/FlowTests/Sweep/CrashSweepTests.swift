import SagaEngine
import SagaTestKit
import Testing

@Suite struct CrashSweepTests {
    @Test(arguments: SweepEpisode.allCases)
    func `a clean run comes to its end`(episode: SweepEpisode) {
        let run = episode.run(SimulationPlan(seed: 1))
        print("\(episode): \(run.persists) persists, \(run.calls) calls, \(run.steps) steps, \(run.statuses)")
        #expect(run.complaints == [])
    }
}
