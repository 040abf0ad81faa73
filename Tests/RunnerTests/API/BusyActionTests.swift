import Adapters
import SagaEngine
import Testing

@testable import saga_runner

@Suite(.timeLimit(.minutes(1))) struct BusyActionTests {
    @Test func `what was refused while a runner was at work is not kept as the key's answer`() async throws {
        let (called, callers) = AsyncStream<Void>.makeStream()
        let (released, releaser) = AsyncStream<Void>.makeStream()
        var router = Router()
        for root in ["custody", "chain", "bank"] {
            router.on(.get, "/\(root)/v1/balances") { _ in
                callers.yield()
                for await _ in released { break }
                return .json(503, [])
            }
        }
        let party = try HTTPServer.start(router: router)
        let bench = try DaemonBench(sandbox: "http://127.0.0.1:\(party.port)")
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            #expect(try await client.settle(SmallOffering(count: 1)) == 201)
            // The preflight has asked for the books and gets no answer yet: the runner is at work.
            for await _ in called { break }
            let path = "/api/v1/sagas/SG-SMALL-1"
            let body = JSONValue.fields(
                ("reason", "wrong terms"), ("version", try await client.get(path)["version"] ?? .null))
            for attempt in 1...2 {
                let answer = try await client.send(
                    .post, "\(path)/discard", body.bytes(), headers: ["Idempotency-Key": "k-1"])
                #expect(answer.status == 409)
                #expect(answer.body["error"]?["code"]?.stringValue == "action.busy", "\(answer.body.text())")
                #expect(answer.headers["Idempotent-Replay"] == nil && answer.headers["Retry-After"] == "1")
                let prints = try await client.get("/api/v1/prints?saga=SG-SMALL-1").arrayValue ?? []
                #expect(prints.count { $0["outcome"] == "busy" } == attempt)
            }
            releaser.finish()
            await client.http.shutdown()
        }
        await party.stop()
    }
}
