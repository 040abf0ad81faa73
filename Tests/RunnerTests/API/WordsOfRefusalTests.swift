import Adapters
import SagaEngine
import Testing

@testable import saga_runner

@Suite(.timeLimit(.minutes(1))) struct WordsOfRefusalTests {
    @Test func `what there is not is told with what there is, and a wrong term with itself`() async throws {
        let bench = try DaemonBench()
        let input = try bench.folder.write("input.json", #"{"offering":{"offering_id":"A"},"input":"x"}"#)
        try await bench.run { _ in
            let flow = try await bench.command(["submit", "nope", "--input", input])
            #expect(flow.status == 3)
            #expect(
                flow.messages.contains(
                    "there is no flow nope that is started by hand; there is offering-settlement (flow.not_found)"),
                "\(flow.messages)")
            let member = try await bench.command(["submit", "offering-settlement", "--input", input])
            #expect(member.status == 1 && member.messages.contains("\(input): input, member "), "\(member.messages)")
            let party = try await bench.command(["counterparties", "switch", "custdian", "--off", "--reason", "r"])
            #expect(party.status == 3)
            #expect(
                party.messages.contains("there are custodian, blockchain, bank; did you mean 'custodian'?")
                    || party.messages.contains("did you mean 'custodian'?"), "\(party.messages)")
            let term = try await bench.command(["list", "--where", "stats=stuck"])
            #expect(term.status == 2)
            #expect(
                term.messages.contains("'stats=stuck' is no term of where")
                    && term.messages.contains("did you mean 'status'?"), "\(term.messages)")
            let reason = try await bench.command(["counterparties", "switch", "bank", "--off", "--reason", "a\nb"])
            #expect(reason.status == 2 && reason.messages.contains("U+000A at character 2"), "\(reason.messages)")
        }
    }

    @Test func `refused callbacks are counted until one is good, and shown where they matter`() async throws {
        let bench = try DaemonBench()
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            #expect(try await client.settle(SmallOffering(count: 1)) == 201)
            let body = Array(#"{"reference":"r"}"#.utf8)
            let now = SystemClock().now().milliseconds / 1_000
            func send(_ text: String, id: String) async throws -> Int {
                let signer = StandardWebhooks(secrets: [try WebhookSecret(text, keyID: "k1")])
                let headers = try signer.sign(id: id, timestamp: now, body: body)
                return try await client.send(.post, "/webhooks/custodian", body, headers: headers).status
            }
            let wrong = "whsec_" + Base64.encode([UInt8](repeating: 7, count: 32))
            for number in 1...3 { #expect(try await send(wrong, id: "n\(number)") == 401) }
            let shown = try await bench.command(["show", "SG-SMALL-1"])
            #expect(shown.output.contains("3 callbacks refused since the last good one"), "\(shown.output)")
            let list = try await bench.command(["counterparties", "list"])
            #expect(list.output.contains("the last one webhook.signature_mismatch"), "\(list.output)")
            #expect(list.output.contains("counterparties.custodian.webhook.secrets"), "\(list.output)")
            #expect(try await send(DaemonBench.secretText, id: "good") == 200)
            let after = try await bench.command(["counterparties", "list"])
            #expect(!after.output.contains("refused"), "\(after.output)")
            await client.http.shutdown()
        }
    }

    @Test func `a dry run marks the sagas for which the action would be refused`() async throws {
        let bench = try DaemonBench()
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            #expect(try await client.settle(SmallOffering(count: 1)) == 201)
            // Its preflight finds nobody and is tried again and again, so it moves on between the look and the action.
            while try await bench.command(["discard", "SG-SMALL-1", "--reason", "wrong terms"]).status != 0 {
                await Task.yield()
            }
            while try await client.get("/api/v1/sagas/SG-SMALL-1")["status"] != "cancelled" { await Task.yield() }
            let look = try await bench.command(["discard", "--where", "status=cancelled", "--dry-run"])
            #expect(look.output.contains("refused: it is cancelled; nothing changes it any more"), "\(look.output)")
            #expect(look.output.contains("discard would be refused for 1 of them\n") && !look.output.contains("--set"))
            let shown = try await bench.command(["list"])
            #expect(shown.output.contains("cancelled (discarded)  SG-SMALL-1"), "\(shown.output)")
            let again = try SmallOffering(count: 1).write(into: bench.folder)
            let files = ["offering.json", "investors.csv", "subscriptions.csv"]
            let handed = try await bench.command(
                ["settle"] + files.flatMap { ["--" + $0.prefix { $0 != "." }, "\(again)/\($0)"] })
            #expect(handed.status == 4 && handed.messages.contains("settles nothing any more"), "\(handed.messages)")
            await client.http.shutdown()
        }
    }
}
