import Adapters
import SagaEngine
import Testing

@testable import saga_runner

@Suite struct APIEdgesTests {
    @Test func `a dry run of what is no action is refused, and told which there are`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let answer = try await client.post(
                "/api/v1/sagas/bulk", ["action": "erase", "where": "status=stuck", "dry_run": true])
            #expect(answer.status == 400)
            #expect(
                answer.body["error"]?["message"]?.stringValue
                    == "erase is no action; there are retry, resume, discard, cancel, exclude, resolve")
            await client.http.shutdown()
        }
    }

    @Test(arguments: ["%2B1", "01", "-1", "1.0"])
    func `a number has one spelling`(_ number: String) async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            #expect(try await client.send(.get, "/api/v1/notices/\(number)").status == 404)
            #expect(try await client.send(.get, "/api/v1/sagas?limit=\(number)").status == 400)
            await client.http.shutdown()
        }
    }

    @Test func `evidence for what is refused is not kept`() async throws {
        // A stage that waits for no notice is not resolved, not by two persons either.
        let bench = try DaemonBench(changes: [(#""single_handed": true, // everything is on loopback"#, "")])
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            let offering = SmallOffering(id: "SG-1", count: 1)
            #expect(try await client.settle(offering) == 201)
            let document = Array("a statement".utf8)
            let answer = try await client.post(
                "/api/v1/sagas/SG-1/resolve",
                .fields(
                    ("reason", "the bank says so"), ("stage", "allot"), ("outcome", "settled"),
                    ("evidence_base64", .string(Base64.encode(document)))))
            #expect(answer.status == 409)
            let digest = SHA256Digest().hex(document)
            #expect(try await client.send(.get, "/api/v1/evidence/\(digest)").status == 404)
            // The refusal itself has left its print.
            #expect(try await client.get("/api/v1/prints").arrayValue?.first?["action"] == "resolve")
            await client.http.shutdown()
        }
    }

    @Test func `a parameter of what takes none, a body too deep and an unknown token are told what there is`()
        async throws
    {
        try await DaemonBench().run { daemon in
            var client = try APIClient(daemon)
            func message(_ answer: (status: Int, body: JSONValue, headers: HTTPHeaders)) -> String {
                answer.body["error"]?["message"]?.stringValue ?? ""
            }
            let parameter = try await client.send(.get, "/api/v1/sagas/SG-1?x=1")
            #expect(parameter.status == 400 && message(parameter) == "x is no parameter here; it takes none")
            let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
            let body = try await client.send(
                .post, "/api/v1/sagas/SG-1/retry", Array(#"{"reason":\#(deep)}"#.utf8))
            #expect(body.status == 400 && message(body).contains("nest them at most 32 deep"), "\(message(body))")
            client.token = "of-nobody"
            let unknown = try await client.send(.get, "/api/v1/sagas")
            #expect(unknown.status == 401 && message(unknown).contains("restart the daemon after editing it"))
            await client.http.shutdown()
        }
    }

    @Test func `every counterparty has its metrics from the start`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let answer = try await client.http.execute(HTTPRequest(method: .get, url: daemon.address + "/metrics"))
            let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
            for name in ["custodian", "blockchain", "bank"] {
                for gauge in ["failures", "failing_since_seconds", "breaker_open", "switched_off"] {
                    #expect(lines.contains("saga_runner_gate_\(gauge){counterparty=\"\(name)\"} 0"), "\(gauge)")
                }
            }
            await client.http.shutdown()
        }
    }

    @Test(arguments: ["..", "SG%E2%80%AE1", "SG%E2%80%8B1", "SG%E2%80%A81"])
    func `an offering's id that is not seen as it is, or leads elsewhere, is refused`(_ id: String) async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let answer = try await client.send(.put, "/api/v1/offerings/\(id)/investors", Array("x".utf8))
            #expect(answer.status == 400, "\(answer.body.text())")
            await client.http.shutdown()
        }
    }
}
