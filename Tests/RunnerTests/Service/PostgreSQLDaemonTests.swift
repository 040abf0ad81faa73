import Adapters
import Foundation
import SagaEngine
import Sandbox
import Testing

@testable import saga_runner

@Suite(.enabled(if: !ScratchDatabase.url.isEmpty, ScratchDatabase.skipped))
struct PostgreSQLDaemonTests {
    @Test(.timeLimit(.minutes(2)))
    func `three daemons on one database settle an offering, and the one that began it ends in the middle`()
        async throws
    {
        let offering = SmallOffering(count: 20)
        try await SandboxBench.use(offering, faults: SandboxBench.faults) { sandbox in
            try await ScratchDatabase.use { database in
                let benches = try ["one", "two", "three"].map {
                    try database.bench(sandbox: sandbox.address, named: $0)
                }
                let logs = try benches.map { _ in try LogPipe() }
                try await benches[1].run(logs[1]) { second in
                    try await benches[2].run(logs[2]) { third in
                        try await benches[0].run(logs[0]) { first in
                            try await SandboxBench.direct(sandbox, to: first)
                            let client = try APIClient(first)
                            #expect(try await client.settle(offering) == 201)
                            await logs[0].wait(for: "saga.ended", times: 2)
                            let runners = try await client.get("/api/v1/runners").arrayValue ?? []
                            #expect(runners.map { $0.text("name").prefix { $0 != "-" } } == ["one", "three", "two"])
                            #expect(runners.allSatisfy { $0["alive"]?.boolValue == true })
                            await client.http.shutdown()
                        }
                        try await SandboxBench.direct(sandbox, to: third)
                        let client = try APIClient(second)
                        try await Self.end(of: offering.id, seenBy: client)
                        let saga = try await client.get("/api/v1/sagas/\(offering.id)")
                        #expect(saga["status"]?.stringValue == "completed")
                        #expect(saga["census"]?["counts"] == ["completed": 41])
                        #expect(saga["census"]?["exposures"] == [])
                        let figures = saga["output"]?["figures"]?.arrayValue ?? []
                        #expect(figures.count == 15)
                        #expect(figures.allSatisfy { $0["expected"] == $0["actual"] })
                        let audit = try await client.post("/api/v1/audit/verify", [:])
                        #expect(audit.body["data"]?["ok"]?.boolValue == true)
                        let left = try await client.get("/api/v1/runners").arrayValue ?? []
                        #expect(left.map { $0.text("name").prefix { $0 != "-" } } == ["three", "two"])
                        await client.http.shutdown()
                    }
                }
                // Nobody is there any more; the database is.
                let list = try await benches[0].command(["list"])
                #expect(list.status == 0 && list.output.contains(offering.id), "\(list.messages)")
                #expect(list.messages.contains("no daemon is running: read from the database"))
                let audit = try await benches[0].command(["audit", "verify"])
                #expect(audit.status == 0, "\(audit.messages)")
                #expect(!(audit.messages + list.messages).contains(ScratchDatabase.url))
            }
        }
    }

    @Test func `a switch that is thrown on one daemon holds on another, and over a restart`() async throws {
        try await ScratchDatabase.use { database in
            let benches = try ["one", "two"].map { try database.bench(named: $0) }
            try await benches[0].run { one in
                try await benches[1].run { two in
                    let (here, there) = (try APIClient(one), try APIClient(two))
                    for isOff in [true, false, true] {
                        let answer = try await here.post(
                            "/api/v1/counterparties/bank/switch", ["off": .bool(isOff), "reason": "doubles"])
                        #expect(answer.status == 200)
                        #expect(try await Self.bank(seenBy: here).isOff == isOff, "at once where it was thrown")
                        let clock = SystemClock()
                        let begun = clock.now()
                        while try await Self.bank(seenBy: there).isOff != isOff, clock.now() < begun + .seconds(5) {
                            await clock.sleep(until: clock.now() + .milliseconds(20))
                        }
                        let seen = try await Self.bank(seenBy: there)
                        #expect(seen.isOff == isOff && seen.why.hasSuffix(isOff ? "doubles" : ""))
                    }
                    await there.http.shutdown()
                    await here.http.shutdown()
                }
            }
            try await benches[1].run { again in
                let client = try APIClient(again)
                #expect(try await Self.bank(seenBy: client).isOff)
                await client.http.shutdown()
            }
        }
    }

    private static func bank(seenBy client: APIClient) async throws -> (isOff: Bool, why: String) {
        let all = try await client.get("/api/v1/counterparties").arrayValue ?? []
        let bank = try #require(all.first { $0.text("name") == "bank" })
        return (bank["switched_off"]?.boolValue == true, bank.text("switched_off_why"))
    }

    /// Waits until a saga has ended, whichever daemon ends it.
    private static func end(of saga: String, seenBy client: APIClient) async throws {
        let clock = SystemClock()
        for _ in 0..<600 {
            let status = try await client.get("/api/v1/sagas/\(saga)")["status"]?.stringValue ?? ""
            if SagaStatus(rawValue: status)?.isTerminal == true { return }
            await clock.sleep(until: clock.now() + .milliseconds(100))
        }
        Issue.record("\(saga) has not ended")
    }

    @Test func `a further daemon begins an anchor beside others, and alone it misses one`() async throws {
        try await ScratchDatabase.use { database in
            let (first, second, third) = (try database.bench(), try database.bench(), try database.bench())
            try await first.run { daemon in
                let off = try await first.command(["counterparties", "switch", "bank", "--off", "--reason", "a print"])
                #expect(off.status == 0, "\(off.messages)")
                while try await daemon.assembly.store.auditHead().number == 0 { await Task.yield() }
                try await second.run { _ in }
            }
            try await second.run { _ in }
            do {
                _ = try await Daemon.start(try await third.config(), logger: try LogPipe().logger)
                Issue.record("it began without an anchor")
            } catch let error as StoreError {
                #expect(error.detail.contains("anchor") && error.detail.contains("--after-restore"))
            }
        }
    }

    @Test func `commands find a daemon by the database, and act through it`() async throws {
        try await ScratchDatabase.use { database in
            let bench = try database.bench()
            try await bench.run { daemon in
                let run = try await bench.command(["runners"])
                #expect(run.status == 0, "\(run.messages)")
                #expect(run.output.contains(daemon.address) && run.output.contains("alive"))
                let off = try await bench.command(["counterparties", "switch", "bank", "--off", "--reason", "a test"])
                #expect(off.status == 0, "\(off.messages)")
            }
            let migrated = try await bench.command(["migrate", "--config", bench.configPath])
            #expect(migrated.status == 0)
            let run = try await bench.command(["runners"])
            #expect(run.output == "none\n", "\(run.messages)")
            let retry = try await bench.command(["retry", "A", "--reason", "r"])
            #expect(retry.status == 1 && retry.messages.contains("start one with saga-runner serve"))
        }
    }
}
