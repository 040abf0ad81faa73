import Adapters
import SagaEngine
import Testing

@testable import saga_runner

@Suite struct NoticesVerifyTests {
    @Test func `notices verify lets in what was only late, and leaves what is forged`() async throws {
        let bench = try DaemonBench()
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            let body = Array(
                (#"{"reference":"SG-1:mint~0","operation":"mint","asset":"D","amount":"5","to":"T","id":"c1","#
                    + #""state":"settled","occurred_at":"2026-03-18T02:00:00.000Z"}"#).utf8)
            let now = SystemClock().now().milliseconds / 1_000
            for (id, key, time) in [("late", "k1", now - 90_000), ("forged", "k9", now)] {
                let signer = StandardWebhooks(secrets: [try WebhookSecret(DaemonBench.secretText, keyID: key)])
                let headers = try signer.sign(id: id, timestamp: time, body: body + (key == "k9" ? [0x20] : []))
                _ = try await client.send(.post, "/webhooks/custodian", body, headers: headers)
            }
            let listed = try await bench.command(["notices", "list", "--standing", "quarantined", "--json"])
            let numbers = try JSONValue.parse(listed.output)["data"]?.arrayValue?.map { $0.integer("number") }
            #expect(numbers?.sorted() == [1, 2], "\(listed.output)")
            let late = try await bench.command(["notices", "verify", "1", "--reason", "in the outage"])
            #expect(late.status == 0 && late.output.hasPrefix("notice 1 is orphan: "), "\(late.messages)\(late.output)")
            let again = try await bench.command(["notices", "verify", "1", "--reason", "again"])
            #expect(again.status == 4 && again.messages.contains("notice 1 is orphan, not quarantined"))
            let forged = try await bench.command(["notices", "verify", "2", "--reason", "r", "--json"])
            #expect(forged.status == 1 && forged.messages.contains("none of the source's keys made this signature"))
            #expect(try await bench.command(["notices", "verify", "3", "--reason", "r"]).status == 3)
            let viewer = try await bench.command(["notices", "verify", "2", "--reason", "r"], as: "viewer")
            #expect(viewer.status == 4)
            // Who did it and why is in the prints, whatever came of it.
            let prints = try await client.get("/api/v1/prints").arrayValue ?? []
            let verified = prints.filter { $0.text("action") == "verify" }
            #expect(verified.map { $0.text("actor") } == ["operator-person", "operator-person"])
            #expect(verified.map { $0.text("reason") } == ["r", "in the outage"])
            #expect(verified.map { $0.text("outcome") } == ["webhook.unknown_key", "done"], "\(verified)")
            await client.http.shutdown()
        }
    }
}
