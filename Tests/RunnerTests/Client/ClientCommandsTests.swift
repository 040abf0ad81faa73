import Foundation
import SagaEngine
import Testing

@testable import saga_runner

struct ClientCommandsTests {
    /// Runs one command against a daemon with one answer for everything.
    private func run(
        _ arguments: [String], answering status: Int, _ answer: String
    ) async throws -> (CommandLineRun, [String]) {
        let bench = try await ClientBench(answering: status, answer)
        let run = try await bench.run(arguments)
        try await bench.close()
        return (run, bench.requests.withLock { $0 })
    }

    @Test(arguments: [(400, 1), (401, 4), (403, 4), (404, 3), (409, 4), (422, 1), (500, 1), (503, 1)])
    func `the daemon's refusals end with the status for the shell and its own words`(
        answered: Int, status: Int32
    ) async throws {
        let (run, _) = try await run(
            ["show", "A"], answering: answered, #"{"error":{"code":"a.code","message":"the words","request_id":"r"}}"#)
        #expect(run.status == status)
        #expect(run.output.isEmpty)
        #expect(run.messages.contains("the words (a.code)"), "\(run.messages)")
    }

    @Test(arguments: ["request.where", "action.invalid"])
    func `what was typed wrong is wrong usage, also when only the daemon can tell`(code: String) async throws {
        let (run, _) = try await run(
            ["list", "--where", "x=y"], answering: 400,
            #"{"error":{"code":"\#(code)","message":"no","request_id":"r"}}"#)
        #expect(run.status == 2 && run.messages.contains("no (\(code))"), "\(run.messages)")
    }

    @Test func `with --json a refusal is the API's own document, and the words are on standard error`() async throws {
        let error = #"{"code":"action.state","message":"it is over","details":{"a":1},"request_id":"r-7"}"#
        let (run, _) = try await run(["show", "A", "--json"], answering: 409, #"{"error":\#(error)}"#)
        let document = try #require(try JSONValue.parse(run.output)["error"])
        #expect(run.status == 4 && run.messages.contains("it is over"))
        #expect(document.text("code") == "action.state" && document.text("request_id") == "r-7")
        #expect(document.text("message").contains("it is over") && document["details"]?["a"] == 1)
    }

    @Test func `a settlement that was called off is refused when it is handed in again`() async throws {
        let known = #"{"data":{"rows":2,"saga":"SG-TOWER-1","created":false}}"#
        let bench = try await ClientBench(
            answers: [(200, known), (200, known), (200, known), (200, #"{"data":{"status":"cancelled"}}"#)])
        let folder = try DemoFiles.find(DemoFiles.offering)
        let file = try bench.write("", as: "s.csv")
        let run = try await bench.run([
            "settle", "--offering", folder + "/offering.json", "--investors", file, "--subscriptions", file,
        ])
        try await bench.close()
        #expect(run.status == 4 && run.output == "SG-TOWER-1\n")
        #expect(run.messages.contains("it settles nothing any more"), "\(run.messages)")
    }

    @Test func `who has no token is told where one is looked for, and nobody is asked`() async throws {
        let bench = try await ClientBench(answering: 200)
        let config = try bench.write(#"{"store":{"path":"sagas.db"}}"#, as: "bare.json")
        let run = try await bench.run(["list", "--config", config])
        #expect(run.status == 4)
        #expect(run.messages.contains("put it into SAGA_RUNNER_TOKEN, or its file's name into SAGA_RUNNER_TOKEN_FILE"))
        #expect(bench.requests.withLock { $0 }.isEmpty)
        let lost = try await bench.run(["list", "--config", config], variables: ["SAGA_RUNNER_TOKEN_FILE": "nope"])
        #expect(lost.status == 1)
        #expect(lost.messages.contains("SAGA_RUNNER_TOKEN_FILE: cannot open nope"), "\(lost.messages)")
        let given = try await bench.run(["list", "--config", config], variables: ["SAGA_RUNNER_TOKEN": "abc"])
        #expect(given.status == 0 && bench.requests.withLock { $0.first?.hasPrefix("Bearer abc GET") } == true)
        try await bench.close()
    }

    @Test func `an input that is no JSON is named with its file and place, and nobody is asked`() async throws {
        let bench = try await ClientBench(
            answering: 400, #"{"error":{"code":"request.invalid","message":"input: no"}}"#)
        let torn = try bench.write(#"{"offering":"#, as: "torn.json")
        let run = try await bench.run(["submit", "offering-settlement", "--input", torn])
        #expect(run.status == 1 && run.messages.contains("\(torn), byte 12: it is no JSON: it ends in the middle"))
        #expect(bench.requests.withLock { $0 }.isEmpty)
        let whole = try bench.write("{}", as: "whole.json")
        let refused = try await bench.run(["submit", "offering-settlement", "--input", whole])
        #expect(refused.messages.contains("\(whole): input: no"), "\(refused.messages)")
        try await bench.close()
    }

    @Test(arguments: [
        ["list"], ["show", "A"], ["notices", "list"], ["notices", "show", "1"], ["counterparties", "list"],
        ["retry", "A", "--reason", "r"], ["notices", "bind", "1", "--reason", "r"],
        ["counterparties", "switch", "bank", "--off", "--reason", "r"], ["prints"], ["prints", "A"],
        ["notices", "verify", "1", "--reason", "r"],
        ["resume", "--where", "status=stuck", "--dry-run"],
    ])
    func `with --json every command prints one document and nothing else`(arguments: [String]) async throws {
        let (run, _) = try await run(arguments + ["--json"], answering: 200, #"{"data":{"id":"A","version":3}}"#)
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.hasSuffix("\n"))
        #expect(try JSONValue.parse(run.output.dropLast().description)["data"] != nil)
    }

    @Test func `an action carries the token, the version that was looked at and the reason`() async throws {
        let (run, requests) = try await run(
            ["resume", "A/fund/B", "--reason", "mended"], answering: 200, #"{"data":{"id":"A/fund/B","version":7}}"#)
        #expect(
            run.output == """
                resume: A/fund/B is at version 7
                  it goes on where it stopped; the counterparty is asked before anything is sent again
                  see what comes of it: saga-runner show A/fund/B

                """)
        #expect(
            requests == [
                "Bearer secret-token GET /api/v1/sagas/A%23fund%23B ",
                #"Bearer secret-token POST /api/v1/sagas/A%23fund%23B/resume {"version":7,"reason":"mended"}"#,
            ])
    }

    @Test(arguments: ["", "\n", "tökén"])
    func `a token file that holds no token is named, and nobody is asked`(_ text: String) async throws {
        let bench = try await ClientBench(answering: 200)
        let file = try bench.write(text, as: "token")
        let run = try await bench.run(["list"])
        #expect(run.status == 4)
        #expect(run.messages.contains("\(file) holds no token"), "\(run.messages)")
        #expect(bench.requests.withLock { $0 }.isEmpty)
        try await bench.close()
    }

    @Test func `settle hands both files over byte for byte and prints the settlement's id`() async throws {
        let bench = try await ClientBench(
            answering: 200, #"{"data":{"rows":2,"saga":"SG-TOWER-1","created":false}}"#)
        let folder = try DemoFiles.find(DemoFiles.offering)
        let investors = try bench.write("a,b\r\n" + String(repeating: "x,\"ü\"\r\n", count: 20_000), as: "i.csv")
        let subscriptions = try bench.write("", as: "s.csv")
        let arguments = [
            "settle", "--offering", folder + "/offering.json", "--investors", investors, "--subscriptions",
            subscriptions,
        ]
        let run = try await bench.run(arguments)
        let missing = try await bench.run(arguments.dropLast() + ["/nowhere.csv"])
        let asked = bench.requests.withLock { $0 }
        let sent = try String(contentsOfFile: investors, encoding: .utf8)
        try await bench.close()
        #expect(run.status == 0 && run.output == "SG-TOWER-1\n", "\(run.messages)")
        #expect(run.messages.contains("exists already"))
        #expect(asked.contains("Bearer secret-token PUT /api/v1/offerings/SG-TOWER-1/investors \(sent)"))
        #expect(asked.contains("Bearer secret-token PUT /api/v1/offerings/SG-TOWER-1/subscriptions "))
        #expect(missing.status == 1 && missing.messages.contains("/nowhere.csv"))
    }

    @Test func `settle says at once that another offering makes the same token`() async throws {
        let bench = try await ClientBench(
            answering: 201, #"{"data":{"rows":2,"saga":"SG-TOWER-1","created":true,"same_token_as":"SG-OTHER"}}"#)
        let folder = try DemoFiles.find(DemoFiles.offering)
        let file = try bench.write("", as: "s.csv")
        let run = try await bench.run([
            "settle", "--offering", folder + "/offering.json", "--investors", file, "--subscriptions", file,
        ])
        try await bench.close()
        #expect(run.status == 0 && run.output == "SG-TOWER-1\n", "\(run.messages)")
        #expect(
            run.messages.contains(
                "warning: offering SG-OTHER, which has not ended, makes DABS-SG-TOWER-1 into TRE-0000001, too"),
            "\(run.messages)")
    }

    @Test func `rows that the daemon refuses are named with the file they are in here`() async throws {
        let row = #"{"file":"investors","line":3,"column":9,"code":"row.form","message":"bank_bic must be"}"#
        let bench = try await ClientBench(
            answering: 422,
            #"{"error":{"code":"row.form","message":"…","details":{"rows":[\#(row),\#(row)],"more":4}}}"#)
        let folder = try DemoFiles.find(DemoFiles.offering)
        let investors = try bench.write("a", as: "people.csv")
        let run = try await bench.run([
            "settle", "--offering", folder + "/offering.json", "--investors", investors, "--subscriptions", investors,
        ])
        try await bench.close()
        #expect(run.status == 1 && run.output.isEmpty)
        let line = "\(investors):3:9: bank_bic must be\n"
        #expect(run.messages.hasSuffix(line + line + "and 4 more\n"), "\(run.messages)")
    }

    @Test func `a stage's path leads to the child it belongs to, and the evidence goes along`() async throws {
        let bench = try await ClientBench(answering: 200, #"{"data":{"version":2}}"#)
        let evidence = try bench.write("seen", as: "statement.txt")
        let run = try await bench.run([
            "resolve", "A", "--stage", "fund/B/transferred", "--outcome", "settled", "--evidence", evidence, "--seen",
            "5",
            "--reason", "r",
        ])
        try await bench.close()
        #expect(run.status == 0, "\(run.messages)")
        let asked = try #require(bench.requests.withLock { $0 }.last)
        #expect(asked.contains("POST /api/v1/sagas/A%23fund%23B/resolve "))
        for part in [
            #""stage":"transferred""#, #""evidence_base64":"c2Vlbg==""#, #""evidence_name":"statement.txt""#,
            #""version":5"#,
        ] {
            #expect(asked.contains(part), "\(asked)")
        }
    }

    @Test func `a dry run of a set that was shown is refused, and nobody is asked`() async throws {
        let bench = try await ClientBench(answering: 200)
        let run = try await bench.run(["resume", "--where", "status=stuck", "--dry-run", "--set", "abc"])
        #expect(run.status == 2 && run.messages.contains("give one of them"), "\(run.messages)")
        #expect(bench.requests.withLock { $0 } == [])
        try await bench.close()
    }

    @Test func `a dry run shows the exact set and its value, and ends with the command that does it`() async throws {
        let (run, requests) = try await run(
            ["resume", "--where", "status=stuck", "--dry-run"], answering: 200,
            """
            {"data":{"count":1,"set":"abc","sagas":[{"id":"A","version":2,"status":"stuck","exposures":[]}],
             "exposures":[{"asset":"SGD","amount":"5.00"}]}}
            """)
        #expect(
            run.output == """
                stuck         A  version 2, exposed nothing
                1 saga, exposed: 5.00 SGD
                to do it: saga-runner resume --where status=stuck --set abc --reason TEXT

                """)
        #expect(requests.count == 1 && requests[0].contains(#""dry_run":true"#))
    }

    @Test func `a dry run marks what would be refused, and offers nothing where that is all`() async throws {
        let refused = #"[{"id":"A","version":2,"status":"completed","exposures":[],"refused":"it is completed"}]"#
        let (none, _) = try await run(
            ["discard", "--where", "status=completed", "--dry-run"], answering: 200,
            #"{"data":{"count":1,"set":"abc","sagas":\#(refused),"exposures":[]}}"#)
        #expect(
            none.output == """
                completed     A  version 2, exposed nothing  refused: it is completed
                1 saga, exposed: nothing
                discard would be refused for 1 of them

                """)
    }

    @Test func `one refusal among many ends with 4, after the outcome of each`() async throws {
        let (run, _) = try await run(
            ["resume", "--where", "status=stuck", "--set", "abc", "--reason", "r"], answering: 200,
            """
            {"data":{"done":1,"refused":1,"outcomes":[{"id":"A","outcome":"done"},
             {"id":"B","outcome":"action.stale","message":"it has moved on"}]}}
            """)
        #expect(run.status == 4)
        #expect(
            run.output == """
                done     A
                refused  B  action.stale: it has moved on
                1 done, 1 refused
                of each that is done: it goes on where it stopped; the counterparty is asked before anything is sent \
                again

                """)
    }

    @Test func `a broken audit chain ends with 1 and names the link`() async throws {
        let (run, _) = try await run(
            ["audit", "verify"], answering: 200,
            """
            {"data":{"ok":false,"entries":9,"prints":0,"seals":3,"sagas":1,
             "fault":{"code":"entryAltered","saga":"A","sequence":4,"message":"an entry (saga A, entry 4 of its journal)"}}}
            """)
        #expect(run.status == 1)
        #expect(run.output.contains("the chain is broken: an entry (saga A, entry 4 of its journal)\n"))
        #expect(run.output.hasSuffix(AuditWords.remedy + "\n"))
    }

    @Test func `an imported notice goes as it was signed`() async throws {
        let bench = try await ClientBench(answering: 200, #"{"data":{"number":9,"standing":"fresh","saga":"A"}}"#)
        let original = try bench.write("webhook-id: n1\r\nwebhook-signature: v1,x\r\n\r\n{\"a\": 1}\n", as: "original")
        let run = try await bench.run(["notices", "import", original, "--source", "bank", "--reason", "r"])
        let torn = try bench.write("webhook-id: n1\n", as: "torn")
        let refused = try await bench.run(["notices", "import", torn, "--source", "bank", "--reason", "r"])
        try await bench.close()
        #expect(run.output == "notice 9 is fresh for A: stored; its saga has not looked at it yet\n")
        let asked = try #require(bench.requests.withLock { $0 }.last)
        #expect(asked.contains(#"[["webhook-id","n1"],["webhook-signature","v1,x"]]"#))
        #expect(asked.contains(#""body_base64":"eyJhIjogMX0K""#))
        #expect(refused.status == 1 && refused.messages.contains("no empty line"))
    }
}
