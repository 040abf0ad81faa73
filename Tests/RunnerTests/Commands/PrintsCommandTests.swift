import SagaEngine
import Testing

@testable import saga_runner

@Suite struct PrintsCommandTests {
    @Test func `prints lists what persons did and were refused, with a daemon and without`() async throws {
        let bench = try DaemonBench()
        try await bench.run { _ in
            _ = try await bench.command(["counterparties", "switch", "bank", "--off", "--reason", "doubles seen"])
            _ = try await bench.command(["retry", "NOBODY", "--seen", "1", "--reason", "a guess"], as: "admin")
            let all = try await bench.command(["prints"], as: "viewer")
            let lines = all.output.split(separator: "\n")
            try #require(all.status == 0 && lines.count == 5, "\(all.messages)\(all.output)")
            #expect(lines[0].hasPrefix("retry of NOBODY, by admin-person (admin), "))
            #expect(lines[0].hasSuffix(" ago), refused: not_found") && lines[1] == "  a guess")
            #expect(lines[2].hasPrefix("switch-off, by operator-person (operator), "))
            #expect(lines[3...] == ["  doubles seen", "  bank"])
            let page = try await bench.command(["prints", "--limit", "1", "--offset", "1"])
            #expect(page.output.hasPrefix("switch-off") && page.output.hasSuffix("and perhaps more: --offset 2\n"))
            let json = try await bench.command(["prints", "--json"])
            #expect(try JSONValue.parse(json.output)["data"]?.arrayValue?.count == 2)
            let nobody = try await bench.command(["prints", "SOMEBODY"])
            #expect(nobody.status == 3 && nobody.messages.contains("there is no saga SOMEBODY"))
        }
        let stopped = try await bench.command(["prints"])
        #expect(stopped.status == 0 && stopped.output.contains("switch-off, by operator-person"), "\(stopped.messages)")
        let nobody = try await bench.command(["prints", "SOMEBODY"])
        #expect(nobody.status == 3 && nobody.messages.contains("there is no saga SOMEBODY"))
    }
}
