import Adapters
import SagaEngine
import Testing

@testable import saga_runner

@Suite(.enabled(if: !ScratchDatabase.url.isEmpty, ScratchDatabase.skipped))
struct PostgreSQLScheduleDaemonTests {
    @Test(.timeLimit(.minutes(2)))
    func `three daemons on one database make up for what was missed once`() async throws {
        try await ScratchDatabase.use { database in
            let benches = try ["one", "two", "three"].map { name in
                var bench = try database.bench(named: name, changes: ScheduleBench.changes)
                bench.schedulable = ScheduleBench.flows
                return bench
            }
            try await Self.run(benches) { daemons in
                try await Self.until(daemons[0].assembly.store) { try await !$0.records().isEmpty }
            }
            // In force, as if that had been five hours ago; nobody looks while it is written.
            let store = try await database.open()
            let earlier = store.clock.now() + .hours(-5)
            _ = try await store.write(.sagas) { connection in
                try connection.run("UPDATE schedule SET mark = ?1, since = ?1", .integer(earlier.milliseconds))
            }
            await store.close()
            try await Self.run(benches) { daemons in
                let store = daemons[0].assembly.store
                let name = try #require(ScheduleName(rawValue: "hourly"))
                try await Self.until(store) { try await $0.newest(of: name)?.state == .submitted }
                let made = #"saga_runner_schedule_missed_total{schedule="hourly",outcome="made_up_for"} 1"#
                // It is counted after it is submitted.
                try await Self.until(store) { _ in daemons.contains { $0.assembly.metrics.text.contains(made) } }
                #expect(daemons.filter { $0.assembly.metrics.text.contains(made) }.count == 1)
                let sagas = try await store.search(SagaQuery(limit: 10))
                // The newest that was missed, and one that is on time in the first quarter of an hour.
                #expect((1...2).contains(sagas.total))
                #expect(sagas.rows.allSatisfy { $0.id.rawValue.hasPrefix("schedule-hourly-") })
            }
        }
    }

    private static func run(
        _ benches: [DaemonBench], _ body: @Sendable ([Daemon]) async throws -> Void
    ) async throws {
        try await benches[0].run { one in
            try await benches[1].run { two in try await benches[2].run { three in try await body([one, two, three]) } }
        }
    }

    private static func until(
        _ store: any ServiceStore, _ isSo: (ScheduleBook) async throws -> Bool
    ) async throws {
        let clock = SystemClock()
        for _ in 0..<600 {
            if try await isSo(ScheduleBook(in: store)) { return }
            await clock.sleep(until: clock.now() + .milliseconds(100))
        }
        Issue.record("it has not come to it")
    }
}
