import SagaEngine
import Testing

@testable import saga_runner

@Suite struct CounterpartyReportTests {
    private func line(_ members: String) throws -> String {
        let now = try #require(Timestamp(rfc3339: "2026-03-18T02:00:10Z"))
        let party = try JSONValue.parse(Array(#"{"name":"bank","under_way":0,"waiting":3,\#(members)}"#.utf8))
        return CounterpartyReport(ink: Ink(isOn: false), moments: Moments(now: now)).lines(party).joined(
            separator: "\n")
    }

    @Test func `callbacks that are refused are counted, with the last one and what to look at`() throws {
        let refused =
            #""failures":0,"refused_callbacks":{"count":12,"last_code":"webhook.signature_mismatch","#
            + #""last_at":"2026-03-18T02:00:00Z","remedy":"compare the secrets"}"#
        #expect(
            try line(refused) == """
                bank          0 under way, 3 waiting, in use
                              12 callbacks refused since the last good one, the last one webhook.signature_mismatch, \
                2026-03-18 02:00:00 UTC (10 s ago)
                              compare the secrets
                """)
        #expect(!CounterpartyReport.isWell(try JSONValue.parse(Array("{\(refused)}".utf8))))
        #expect(CounterpartyReport.isWell(["name": "bank", "failures": 0, "breaker_open": false]))
    }

    @Test func `a breaker that is open says why, since when and until when`() throws {
        let line = try line(
            #""breaker_open":true,"failures":20,"failing_since":"2026-03-18T02:00:00Z","last_code":"timeout","#
                + #""closed_until":"2026-03-18T02:00:15Z""#)
        #expect(
            line == "bank          0 under way, 3 waiting, breaker open: 20 failures in a row since "
                + "2026-03-18 02:00:00 UTC (10 s ago), last: timeout; no call before 2026-03-18 02:00:15 UTC (in 5 s)")
    }

    @Test func `a breaker that several runners share says whose calls opened it`() throws {
        let line = try line(
            #""breaker_open":true,"breaker_opened_by":"west-1","failures":20,"last_code":"timeout","#
                + #""failing_since":"2026-03-18T02:00:00Z""#)
        #expect(line.contains("breaker open (runner west-1): 20 failures"))
    }

    @Test func `a switch says who, when and why`() throws {
        let line = try line(
            #""switched_off":true,"switched_off_why":"ada, 2026-03-18T02:00:00.000Z: doubles","failures":0"#)
        #expect(line.hasSuffix("switched off by hand (ada, 2026-03-18T02:00:00.000Z: doubles)"))
    }

    @Test func `one that answers is in use`() throws {
        #expect(try line(#""failures":0,"breaker_open":false"#).hasSuffix("in use"))
    }
}
