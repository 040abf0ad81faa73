import SagaEngine
import Testing

@testable import saga_runner

@Suite struct ScheduleReportTests {
    private func lines(_ members: String) throws -> [String] {
        let now = try #require(Timestamp(rfc3339: "2026-11-30T13:00:00Z"))
        let text =
            #"{"name":"nightly","cron":"0 22 * * *","zone":"Asia/Singapore","flow":"count@1","catch_up":"last",\#(members)}"#
        return ScheduleReport(ink: Ink(isOn: false), moments: Moments(now: now)).lines(
            try JSONValue.parse(Array(text.utf8)))
    }

    @Test func `a schedule says when it is due and what it started`() throws {
        #expect(
            try lines(
                #""standing":"on","next_moment":"2026-11-30T22:00+08:00","next_at":"2026-11-30T14:00:00.000Z","#
                    + #""last_moment":"2026-11-29T22:00+08:00","last_state":"started","last_saga":"schedule-nightly-x""#
            )
                == [
                    "nightly  0 22 * * * Asia/Singapore  count@1  catch up: last",
                    "  next  2026-11-30T22:00+08:00, 2026-11-30 14:00:00 UTC (in 1 h)",
                    "  last  2026-11-29T22:00+08:00  schedule-nightly-x",
                ])
    }

    @Test(
        arguments: [
            (#""standing":"off""#, "switched off", "never"), (#""standing":"superseded""#, "other terms", "never"),
            (#""standing":"starting""#, "not in force", "never"), (#""standing":"on""#, "never", "never"),
            (
                #""standing":"off","last_moment":"m","last_state":"refused","last_detail":"other content""#,
                "switched off", "refused: other content"
            ),
            (
                #""standing":"off","last_moment":"m","last_state":"decided","last_saga":"s""#, "switched off",
                "not started yet: s"
            ),
        ] as [(String, String, String)])
    func `what stands in the way is said`(members: String, next: String, last: String) throws {
        let lines = try lines(members)
        #expect(lines[1].contains(next))
        #expect(lines[2].contains(last))
    }
}
