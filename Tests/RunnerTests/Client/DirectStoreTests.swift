import SagaEngine
import Testing

@testable import saga_runner

struct DirectStoreTests {
    @Test func `without a daemon, list, show and audit verify read the store, and an action says what is missing`()
        async throws
    {
        let bench = try await ClientBench()
        let list = try await bench.run(["list", "--where", "status=stuck", "--json"])
        #expect(list.output == #"{"data":[],"page":{"offset":0,"limit":50,"total":0}}"# + "\n", "\(list.messages)")
        #expect(list.messages == "no daemon is running: read from disk\n")
        let term = try await bench.run(["list", "--where", "colour=red"])
        #expect(term.status == 2 && term.messages.contains("'colour=red' is no term of where: each is NAME=VALUE"))
        let flow = try await bench.run(["list", "--flow", "offering"])
        #expect(flow.status == 3 && flow.messages.contains("there is no flow offering; there are investor-funding, "))
        let known = try await bench.run(["list", "--flow", "offering-settlement"])
        #expect(known.status == 0 && known.output == "no saga matches\n", "\(known.messages)")
        let show = try await bench.run(["show", "NOBODY"])
        #expect(show.status == 3 && show.messages.contains("there is no saga NOBODY"))
        let audit = try await bench.run(["audit", "verify"])
        #expect(audit.status == 0 && audit.output.contains("the chain holds"), "\(audit.messages)")
        for run in [flow, show, audit] { #expect(run.messages.contains("no daemon is running: read from disk\n")) }
        let retry = try await bench.run(["retry", "A", "--reason", "r"])
        #expect(retry.status == 1 && retry.messages.contains("start one with saga-runner serve"))
        try await bench.close()
    }

    @Test func `a copy that is older than its anchor is said to be one, which is no broken chain`() async throws {
        let bench = try await ClientBench()
        try await bench.age()
        let audit = try await bench.run(["audit", "verify"])
        #expect(audit.status == 4)
        #expect(audit.output.contains("the chain holds up to its end, seal 0"), "\(audit.messages)")
        #expect(audit.output.contains("older than its anchor, which remembers seal 7"))
        #expect(audit.output.contains("docs/operating/restoring.md") && !audit.output.contains("broken"))
        let json = try await bench.run(["audit", "verify", "--json"])
        #expect(json.status == 4 && json.output.contains(#""code":"olderThanAnchor""#), "\(json.output)")
        for command in [["list"], ["show", "NOBODY"]] {
            let run = try await bench.run(command)
            #expect(run.messages.contains("warning: the database is older than its anchor (seal 0, anchored 7)"))
            #expect(run.messages.contains("may be out of date"))
        }
        try await bench.close()
    }

    @Test func `a damaged database is named, with where it is written what to do`() async throws {
        let bench = try await ClientBench()
        try bench.damage()
        for arguments in [["audit", "verify"], ["list"]] {
            let run = try await bench.run(arguments)
            #expect(run.status == 1)
            #expect(run.messages.contains("sagas.db: store."), "\(run.messages)")
            #expect(run.messages.contains("docs/operating/recovering.md"), "\(run.messages)")
        }
        try await bench.close()
    }

    @Test func `a chain that holds and has lost its anchor is not told to be the newest`() async throws {
        let bench = try await ClientBench()
        try await bench.loseAnchor()
        let audit = try await bench.run(["audit", "verify"])
        #expect(audit.status == 4 && audit.output.contains("the chain holds"))
        #expect(audit.messages.contains("warning: the anchor "), "\(audit.messages)")
        #expect(
            audit.messages.contains("gone is missing, so nothing tells whether the database (seal 1) is the newest"))
        let json = try await bench.run(["audit", "verify", "--json"])
        let data = try #require(try JSONValue.parse(json.output)["data"])
        #expect(json.status == 4 && data["ok"] == true && data["anchor"]?["code"] == "missing")
        try await bench.close()
    }

    @Test func `a store that does not exist is named`() async throws {
        let bench = try await ClientBench()
        let config = try bench.write(#"{"store":{"path":"none.db"}}"#, as: "other.json")
        let run = try await bench.run(["list", "--config", config])
        #expect(run.status == 1 && run.messages.contains("none.db"))
        try await bench.close()
    }
}
