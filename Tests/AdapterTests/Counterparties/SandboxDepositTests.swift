import Adapters
import Foundation
import SagaEngine
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(1))) struct SandboxDepositTests {
    private static let path = "/admin/custodian/deposits/"
    private static let hundred = #"{"account":"ESC-1","asset":"SGD","amount":"100.00"}"#

    private func put(
        _ body: String, under reference: String, at bench: SandboxBench
    ) async throws -> (status: Int, body: JSONValue) {
        let http = try HTTPClient()
        let answer = try await http.execute(
            HTTPRequest(method: .put, url: bench.address + Self.path + reference, body: Array(body.utf8)))
        await http.shutdown()
        return (answer.status, try JSONValue.parse(answer.body))
    }

    private func held(by account: String, at bench: SandboxBench) async throws -> String? {
        let body = try #require(await bench.expectDone(.get, "/custody/v1/accounts/\(account)", []))
        return try JSONValue.parse(body)["balances"]?["SGD"]?.stringValue
    }

    @Test func `what a person pays in is added once for each reference, also after a restart`() async throws {
        let journal = FileManager.default.temporaryDirectory.appending(path: "deposit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: journal) }
        try await SandboxBench.run(.custodian) {
            $0.journalDirectory = journal
            $0.preparation = { BenchAccounts.open(in: &$0) }
        } _: { (bench) async throws in
            #expect(try await held(by: "ESC-1", at: bench) == "1000000.00")
            for _ in 1...2 {
                let answer = try await put(Self.hundred, under: "mend-1", at: bench)
                #expect(answer.status == 200)
                #expect(
                    answer.body == ["reference": "mend-1", "account": "ESC-1", "asset": "SGD", "amount": "100.00"])
                #expect(try await held(by: "ESC-1", at: bench) == "1000100.00")
            }
        }
        let lines = try String(contentsOfFile: journal + "/custodian.ndjson", encoding: .utf8)
        let line = #"{"event":"deposited","account":"ESC-1","asset":"SGD","amount":"100.00","reference":"mend-1"}"#
        #expect(lines.split(separator: "\n").count { $0 == line } == 1)
        try await SandboxBench.run(.custodian) {
            $0.journalDirectory = journal
        } _: { (bench) async throws in
            #expect(try await put(Self.hundred, under: "mend-1", at: bench).status == 200)
            #expect(try await held(by: "ESC-1", at: bench) == "1000100.00")
            #expect(try await put(Self.hundred, under: "mend-2", at: bench).status == 200)
            #expect(try await held(by: "ESC-1", at: bench) == "1000200.00")
        }
    }

    @Test func `a reference with other content, an account that is not there and what is no money change nothing`()
        async throws
    {
        try await SandboxBench.run(.custodian) {
            $0.preparation = { BenchAccounts.open(in: &$0) }
        } _: { (bench) async throws in
            #expect(try await put(Self.hundred, under: "mend-1", at: bench).status == 200)
            let beyond = String(repeating: "9", count: SandboxAmount.wholeLimit + 1)
            let refusals: [(body: String, reference: String, status: Int, code: String)] = [
                (#"{"account":"ESC-1","asset":"SGD","amount":"100.01"}"#, "mend-1", 409, "reference_conflict"),
                (#"{"account":"DEP-1","asset":"SGD","amount":"100.00"}"#, "mend-1", 409, "reference_conflict"),
                (#"{"account":"NOBODY","asset":"SGD","amount":"1.00"}"#, "mend-2", 404, "account_unknown"),
                (#"{"account":"ESC-1","asset":"DABS-1","amount":"1"}"#, "mend-2", 400, "bad_request"),
                (#"{"account":"ESC-1","asset":"SGD","amount":"0.00"}"#, "mend-2", 400, "bad_request"),
                (#"{"account":"ESC-1","asset":"SGD","amount":"-1.00"}"#, "mend-2", 400, "bad_request"),
                (#"{"account":"ESC-1","asset":"SGD","amount":"1.001"}"#, "mend-2", 400, "bad_request"),
                (#"{"account":"ESC-1","asset":"SGD","amount":1}"#, "mend-2", 400, "bad_request"),
                (#"{"account":"ESC-1","asset":"SGD","amount":"\#(beyond)"}"#, "mend-2", 400, "bad_request"),
                (#"{"account":"ESC-1","asset":"SGD","amount":"1.00","to":"X"}"#, "mend-2", 400, "bad_request"),
                (Self.hundred, "mend%20me", 400, "bad_request"),
            ]
            for refusal in refusals {
                let answer = try await put(refusal.body, under: refusal.reference, at: bench)
                #expect(answer.status == refusal.status, "\(refusal.body)")
                #expect(answer.body["error"]?["code"]?.stringValue == refusal.code, "\(refusal.body)")
            }
            await bench.expectDone(.put, "/admin/custodian/accounts/ESC-1/closed", [])
            #expect(try await put(Self.hundred, under: "mend-3", at: bench).body["error"]?["code"] == "account_closed")
            await bench.expectDone(.put, "/admin/custodian/accounts/ESC-1/frozen", [])
            #expect(try await put(Self.hundred, under: "mend-3", at: bench).status == 200, "money may come in")
            #expect(try await held(by: "ESC-1", at: bench) == "1000200.00")
        }
    }
}
