import Adapters
import SagaEngine
import SagaTestKit
import Testing

@testable import saga_runner

/// Schedules in a daemon, on a clock that the test moves.
@Suite struct ScheduleServiceTests {
    private static func bench(_ schedules: String) throws -> DaemonBench {
        var bench = try DaemonBench(changes: ScheduleBench.changes(schedules))
        bench.schedulable = ScheduleBench.flows
        return bench
    }

    private static func list(_ daemon: Daemon) async throws -> [JSONValue] {
        let client = try APIClient(daemon)
        let answer = try await client.send(.get, "/api/v1/schedules")
        await client.http.shutdown()
        return answer.body["data"]?.arrayValue ?? []
    }

    @Test func `a daemon fires its schedules, says so, and makes up for the newest that it missed`() async throws {
        let off = ScheduleBench.schedule(name: "off", more: #", "enabled": false"#)
        let bench = try Self.bench(ScheduleBench.schedule() + "," + off)
        let clock = SimulatedClock()
        let log = try LogPipe(level: .info)
        try await bench.run(log, clock: clock) { daemon in
            await log.wait(for: "schedule.begun")
            clock.advance(by: .minutes(60))
            await log.wait(for: "schedule.fired") { $0["moment"]?.stringValue == "2026-01-01T09:00+08:00" }
            let id = try #require(SagaID(rawValue: "schedule-hourly-2026-01-01T09:00+08:00"))
            let row = try #require(try await daemon.assembly.store.row(of: id))
            #expect(row.flow == ScheduleBench.flows[0].id)
            let list = try await Self.list(daemon)
            #expect(list.map { $0["standing"]?.stringValue } == ["on", "off"])
            #expect(list[0]["last_saga"]?.stringValue == id.rawValue)
            #expect(list[0]["last_state"]?.stringValue == "started")
            #expect(list[0]["next_moment"]?.stringValue == "2026-01-01T10:00+08:00")
            let page = daemon.assembly.metrics.text
            #expect(page.contains(#"saga_runner_schedule_firings_total{schedule="hourly",outcome="started"} 1"#))
            let run = try await bench.command(["schedules"])
            #expect(run.status == 0)
            #expect(run.output.contains("  last  2026-01-01T09:00+08:00  \(id)"))
            #expect(run.output.contains("switched off in the configuration"))
        }
        clock.advance(by: .minutes(200))
        let again = try LogPipe(level: .info)
        try await bench.run(again, clock: clock) { daemon in
            await again.wait(for: "schedule.missed") {
                $0["made_up_for"]?.integerValue == 1 && $0["passed_over"]?.integerValue == 2
            }
            await again.wait(for: "schedule.fired") { $0["moment"]?.stringValue == "2026-01-01T12:00+08:00" }
            for hour in ["10", "11"] {
                let id = try #require(SagaID(rawValue: "schedule-hourly-2026-01-01T\(hour):00+08:00"))
                #expect(try await daemon.assembly.store.row(of: id) == nil)
            }
        }
    }

    @Test func `a daemon without schedules looks once, and stops at once`() async throws {
        let bench = try DaemonBench()
        let clock = SimulatedClock()
        try await bench.run(clock: clock) { daemon in
            let list = try await Self.list(daemon)
            #expect(list == [])
            await daemon.assembly.schedules.run()
        }
    }

    @Test func `nothing is started once the daemon was told to stop`() async throws {
        let bench = try Self.bench(ScheduleBench.schedule())
        let clock = SimulatedClock()
        let log = try LogPipe(level: .info)
        try await bench.run(log, clock: clock) { daemon in
            await log.wait(for: "schedule.begun")
            daemon.assembly.schedules.stop()
            clock.advance(by: .minutes(60))
            await daemon.assembly.schedules.run()
            let id = try #require(SagaID(rawValue: "schedule-hourly-2026-01-01T09:00+08:00"))
            #expect(try await daemon.assembly.store.row(of: id) == nil)
        }
    }
}
