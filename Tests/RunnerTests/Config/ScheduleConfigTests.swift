import SagaEngine
import SettlementFlows
import Testing

@testable import saga_runner

@Suite struct ScheduleConfigTests {
    private func mistakes(
        _ schedules: String..., flows: [FlowForm] = ScheduleBench.flows
    ) async throws -> [ConfigMistake] {
        let text = schedules.joined(separator: ",")
        var bench = try DaemonBench(changes: ScheduleBench.changes(text))
        bench.schedulable = flows
        do {
            _ = try await bench.config()
            return []
        } catch let fault as ConfigFault {
            return fault.mistakes
        }
    }

    @Test func `a schedule is read with its defaults`() async throws {
        var bench = try DaemonBench(
            changes: ScheduleBench.changes(
                ScheduleBench.schedule(),
                ScheduleBench.schedule(
                    name: "off", more: #", "catch_up": "skip", "grace": "1h", "enabled": false"#)))
        bench.schedulable = ScheduleBench.flows
        let entries = try await bench.config().schedules
        #expect(entries.map(\.schedule.name.rawValue) == ["hourly", "off"])
        #expect(entries.map(\.isEnabled) == [true, false])
        #expect(entries.map(\.schedule.catchUp) == [.last, .skip])
        #expect(entries.map(\.schedule.grace) == [.minutes(15), .hours(1)])
        #expect(entries[0].schedule.timing.zone.name == "Asia/Singapore")
        #expect(entries[0].schedule.flow == OfferingSettlement.flow)
    }

    @Test func `a configuration without schedules has none`() async throws {
        #expect(try await DaemonBench().config().schedules.isEmpty)
    }

    @Test func `all mistakes of a schedule are named at once`() async throws {
        let found = try await mistakes(
            ScheduleBench.schedule(),
            #"{"name": "a b", "cron": "0 24 * * *", "zone": "Asia/Singapor", "flow": "nothing@1","#
                + #""catch_up": "never", "grace": "2h", "enabeld": true}"#
        )
        #expect(
            Set(found.map(\.path)) == [
                "schedules[1].name", "schedules[1].cron", "schedules[1].zone", "schedules[1].flow",
                "schedules[1].catch_up", "schedules[1].grace", "schedules[1].enabeld", "schedules[1].input",
            ])
        #expect(found.first { $0.path.hasSuffix("cron") }?.wrong.hasPrefix("hour: ") == true)
        #expect(found.first { $0.path.hasSuffix("zone") }?.remedy.contains("Asia/Singapore'?") == true)
        #expect(found.first { $0.path.hasSuffix("flow") }?.remedy.contains("offering-settlement@1") == true)
    }

    @Test func `an input that does not fit its flow names the member`() async throws {
        let bad = ScheduleBench.input.replacing(#""units_offered": "10""#, with: #""units_offered": "ten""#)
        let found = try await mistakes(ScheduleBench.schedule(input: bad))
        #expect(found.map(\.path) == ["schedules[0].input"])
        #expect(found[0].wrong.contains("units_offered"))
    }

    @Test func `two schedules have two names`() async throws {
        let found = try await mistakes(ScheduleBench.schedule(), ScheduleBench.schedule(cron: "5 * * * *"))
        #expect(found.map(\.path) == ["schedules[1].name"])
    }

    @Test func `a settlement is not for schedules, since its saga is named by its offering`() async throws {
        let found = try await mistakes(ScheduleBench.schedule(), flows: FlowCatalogue.schedulable)
        #expect(found.map(\.path) == ["schedules[0].flow"])
        #expect(found[0].wrong.contains("is not for schedules"))
    }

    @Test func `what is no list, or too long a one, is refused`() async throws {
        for list in ["{}", "[" + Array(repeating: "{}", count: 101).joined(separator: ",") + "]"] {
            let changes = [(#""single_handed""#, #""schedules": \#(list), "single_handed""#)]
            let bench = try DaemonBench(changes: changes)
            let fault = await #expect(throws: ConfigFault.self) { try await bench.config() }
            #expect(fault?.mistakes.map(\.path) == ["schedules"])
        }
    }
}
