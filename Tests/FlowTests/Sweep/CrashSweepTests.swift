import Testing

@testable import saga_sim

/// A sample of the crash sweep, which `scripts/crash-sweep` runs whole.
@Suite(.serialized) struct CrashSweepTests {
    @Test(arguments: SweepEpisode.allCases)
    func `a crash at any point, and another while recovering, changes nothing`(episode: SweepEpisode) async {
        let report = await SweepCampaign(episode: episode, stride: 97, singleStride: 13).run()
        #expect(report.persists > 30 && report.calls > 5)
        #expect(report.singles >= 10 && report.doubles >= 2 && report.crashes > 0)
        #expect(report.broken.flatMap(\.complaints) == [], "at \(report.broken.map(\.points))")
        #expect(report.unmet == [], "a point was not met")
    }
}
