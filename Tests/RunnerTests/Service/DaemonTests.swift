import Adapters
import Foundation
import SagaEngine
import Sandbox
import Testing

@testable import saga_runner

@Suite struct DaemonTests {
    @Test(.timeLimit(.minutes(2)))
    func `twenty investors are settled through faults and a restart in the middle, and the books agree`() async throws {
        let offering = SmallOffering(count: 20)
        try await SandboxBench.use(offering, faults: SandboxBench.faults) { sandbox in
            let bench = try DaemonBench(sandbox: sandbox.address)
            let first = try LogPipe()
            try await bench.run(first) { daemon in
                try await SandboxBench.direct(sandbox, to: daemon)
                let client = try APIClient(daemon)
                #expect(try await client.settle(offering) == 201)
                await first.wait(for: "saga.ended", times: 5)
                await client.http.shutdown()
            }
            // Stopped: everything is given back, and another life goes on from there.
            let second = try LogPipe()
            try await bench.run(second) { daemon in
                try await SandboxBench.direct(sandbox, to: daemon)
                let client = try APIClient(daemon)
                #expect(try await client.settle(offering) == 200)
                await second.wait(for: "saga.ended") { $0["saga"]?.stringValue == offering.id }
                let saga = try await client.get("/api/v1/sagas/\(offering.id)")
                #expect(saga["status"]?.stringValue == "completed")
                #expect(saga["census"]?["counts"] == ["completed": 41])
                #expect(saga["census"]?["exposures"] == [])
                let figures = saga["output"]?["figures"]?.arrayValue ?? []
                #expect(figures.count == 15)
                #expect(figures.allSatisfy { $0["expected"] == $0["actual"] })
                let audit = try await client.post("/api/v1/audit/verify", [:])
                #expect(audit.body["data"]?["ok"]?.boolValue == true)
                await client.http.shutdown()
            }
            #expect(try await SandboxBench.faultsMet(sandbox) > 3)
            let outbox = try String(contentsOfFile: "\(bench.folder.path)/outbox.ndjson", encoding: .utf8)
            let numbers = outbox.split(separator: "\n").compactMap { line -> Int64? in
                SagaJSON.json(Array(line.utf8))["number"]?.integerValue
            }
            #expect(Set(numbers).count == 41)
            #expect(!outbox.contains("example.test"))
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `two offerings with the same issuer, treasury and investors settle side by side`() async throws {
        let offerings = [SmallOffering(count: 6), SmallOffering(id: "SG-SMALL-10", count: 4)]
        let lag = FaultRule(.listingLags, perMille: 200, delay: .milliseconds(100))
        try await SandboxBench.use(offerings[0], offerings[1], faults: SandboxBench.faults + [lag]) { sandbox in
            let bench = try DaemonBench(sandbox: sandbox.address)
            let log = try LogPipe()
            try await bench.run(log) { daemon in
                try await SandboxBench.direct(sandbox, to: daemon)
                let client = try APIClient(daemon)
                for offering in offerings { #expect(try await client.settle(offering) == 201) }
                let ids = offerings.map(\.id)
                await log.wait(for: "saga.ended", times: ids.count) { line in
                    line["saga"]?.stringValue.map(ids.contains) == true
                }
                for offering in offerings {
                    let saga = try await client.get("/api/v1/sagas/\(offering.id)")
                    #expect(saga["status"]?.stringValue == "completed")
                    let figures = saga["output"]?["figures"]?.arrayValue ?? []
                    #expect(figures.count == 15)
                    #expect(figures.allSatisfy { $0["expected"] == $0["actual"] })
                }
                await client.http.shutdown()
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a shortage in a rehearsal is mended by a deposit and a resume`() async throws {
        let offering = SmallOffering(count: 2)
        // The second investor has paid for one unit fewer than the log says.
        let paid = offering.with(subscriptions: offering.subscriptions.replacing("apply,5", with: "apply,4"))
        try await SandboxBench.use(paid, faults: []) { sandbox in
            let bench = try DaemonBench(sandbox: sandbox.address)
            let log = try LogPipe()
            try await bench.run(log) { daemon in
                try await SandboxBench.direct(sandbox, to: daemon)
                let client = try APIClient(daemon)
                #expect(try await client.settle(offering) == 201)
                await log.wait(for: "saga.stuck") { $0["saga"]?.stringValue == offering.id }
                var stuck = try await client.get("/api/v1/sagas/\(offering.id)")
                while stuck["status"] != "stuck" { stuck = try await client.get("/api/v1/sagas/\(offering.id)") }
                let why = stuck["predicament"]?["message"]?.stringValue ?? ""
                #expect(why.contains("ESC-2 holds 10080.00 SGD, not the 12600.00 SGD paid"), "\(why)")
                let deposit: JSONValue = ["account": "ESC-2", "asset": "SGD", "amount": "2520.00"]
                let paidIn = try await client.http.execute(
                    HTTPRequest(
                        method: .put, url: sandbox.address + "/admin/custodian/deposits/mend-1", body: deposit.bytes()))
                #expect(paidIn.status == 200)
                let resumed = try await bench.command(["resume", offering.id, "--reason", "the rest was paid in"])
                #expect(resumed.status == 0, "\(resumed.messages)")
                await log.wait(for: "saga.ended") { $0["saga"]?.stringValue == offering.id }
                let saga = try await client.get("/api/v1/sagas/\(offering.id)")
                #expect(saga["status"]?.stringValue == "completed")
                await client.http.shutdown()
            }
        }
    }

    @Test func `a second daemon is refused and told who holds the store`() async throws {
        let bench = try DaemonBench()
        try await bench.run { daemon in
            do {
                _ = try await Daemon.start(try await bench.config(), logger: try LogPipe().logger)
                Issue.record("a second daemon started")
            } catch let error as ServeError {
                #expect("\(error)".contains("process \(ProcessInfo.processInfo.processIdentifier)"))
                #expect("\(error)".contains(daemon.address))
            }
        }
    }

    @Test func `a switch tells who turned it and why, also after a restart`() async throws {
        let bench = try DaemonBench()
        @Sendable func bank(_ client: APIClient) async throws -> JSONValue? {
            try await client.get("/api/v1/counterparties").arrayValue?.first { $0["name"]?.stringValue == "bank" }
        }
        let (first, second) = (try LogPipe(), try LogPipe())
        try await bench.run(first) { daemon in
            let client = try APIClient(daemon)
            _ = try await client.post("/api/v1/counterparties/bank/switch", ["off": true, "reason": "doubles seen"])
            await first.wait(for: "counterparty.switched_off") { $0["counterparty"]?.stringValue == "bank" }
            await first.wait(for: "operator.acted") { line in
                line["action"]?.stringValue == "switch-off" && line["outcome"]?.stringValue == "done"
            }
            await client.http.shutdown()
        }
        try await bench.run(second) { daemon in
            await second.wait(for: "counterparty.switched_off") { $0["level"]?.stringValue == "warning" }
            let client = try APIClient(daemon)
            let off = try await bank(client)
            #expect(off?["switched_off"]?.boolValue == true)
            let why = off?["switched_off_why"]?.stringValue ?? ""
            #expect(why.hasPrefix("operator-person, 20") && why.hasSuffix("Z: doubles seen"), "\(why)")
            _ = try await client.post("/api/v1/counterparties/bank/switch", ["off": false, "reason": "mended"])
            await second.wait(for: "counterparty.switched_on")
            #expect(try await bank(client)?["switched_off_why"] == nil)
            await client.http.shutdown()
        }
    }

    @Test func `a database that went back in time is refused until somebody says that it was restored`() async throws {
        let bench = try DaemonBench()
        let path = bench.folder.path
        try await bench.run { _ in }
        try FileManager.default.copyItem(atPath: "\(path)/store.db", toPath: "\(path)/backup.db")
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            _ = try await client.post("/api/v1/counterparties/bank/switch", ["off": true, "reason": "a print"])
            await client.http.shutdown()
        }
        try FileManager.default.removeItem(atPath: "\(path)/store.db")
        try FileManager.default.moveItem(atPath: "\(path)/backup.db", toPath: "\(path)/store.db")
        let config = try await bench.config()
        let log = try LogPipe()
        await #expect(throws: StoreError.self) { try await Daemon.start(config, logger: log.logger) }
        let daemon = try await Daemon.start(config, afterRestore: true, logger: log.logger)
        #expect(try await daemon.assembly.store.incarnation().number == 1)
        await log.wait(for: "store.reincarnated") { line in
            line["level"]?.stringValue == "warning" && line["old"]?.integerValue == 0
                && line["new"]?.integerValue == 1 && line["anchor"]?.stringValue == "older"
        }
        daemon.stop()
        try await daemon.run()
    }

    @Test func `a start after a restore that nothing shows to have been is warned of and takes place`() async throws {
        let bench = try DaemonBench()
        try await bench.run { _ in }
        let log = try LogPipe()
        let daemon = try await Daemon.start(try await bench.config(), afterRestore: true, logger: log.logger)
        await log.wait(for: "store.restore_unasked") { $0["level"]?.stringValue == "warning" }
        await log.wait(for: "store.reincarnated") { $0["anchor"]?.stringValue == "level" }
        let reincarnation = try #require(daemon.assembly.store.reincarnation)
        #expect(RestoreWords(reincarnation: reincarnation).sentence.contains("is level with its anchor"))
        daemon.stop()
        try await daemon.run()
        let next = try await Daemon.start(try await bench.config(), logger: try LogPipe().logger)
        #expect(next.assembly.store.reincarnation == nil)
        next.stop()
        try await next.run()
    }

    @Test func `a stopped daemon answers no more and leaves the store to the next`() async throws {
        let bench = try DaemonBench()
        let address = try await bench.run { daemon in daemon.address }
        let http = try HTTPClient()
        await #expect(throws: HTTPClientError.self) {
            try await http.execute(HTTPRequest(method: .get, url: address + "/healthz"))
        }
        await http.shutdown()
        #expect(try StoreLock.holder(of: "\(bench.folder.path)/store.db") == nil)
    }
}
