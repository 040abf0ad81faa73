import Adapters
import SagaEngine
import Testing

@testable import saga_runner

@Suite struct FailureDocumentTests {
    private static let table = CommandTable(commands: [
        .declared("fail", .look, "Fails", operands: ["HOW"], examples: ["saga-runner fail all"]) { invocation in
            switch invocation.operands[0] {
            case "usage": throw UsageError("wrong")
            case "missing": throw CommandFailure(.notFound, "nobody")
            case "shown":
                try await invocation.console.write("{}\n")
                throw CommandStatus.refused
            case _: throw StoreError(.misuse, "broken")
            }
        }
    ])

    @Test(arguments: [
        ("usage", "command.usage", 2), ("missing", "command.not_found", 3), ("other", "command.failed", 1),
    ])
    func `a command that fails prints the error's document with --json, and words without`(
        how: String, code: String, status: Int32
    ) async throws {
        let plain = try await CommandLineRun.of(["fail", how], table: Self.table)
        #expect(plain.status == status && plain.output.isEmpty && !plain.messages.isEmpty)
        let json = try await CommandLineRun.of(["fail", how, "--json"], table: Self.table)
        let error = try #require(try JSONValue.parse(json.output)["error"])
        #expect(json.status == status && error.text("code") == code && !error.text("message").isEmpty)
        #expect(json.messages == plain.messages)
    }

    @Test func `a command line that cannot be read has its document, too`() async throws {
        let run = try await CommandLineRun.of(["fail", "--json"], table: Self.table)
        #expect(run.status == 2)
        #expect(run.output == #"{"error":{"code":"command.usage","message":"HOW is missing"}}"# + "\n")
    }

    @Test func `what has printed its document prints no second one`() async throws {
        let run = try await CommandLineRun.of(["fail", "shown", "--json"], table: Self.table)
        #expect(run.status == 4 && run.output == "{}\n")
    }

    @Test func `what succeeds stands under data`() async throws {
        let version = try await CommandLineRun.of(["version", "--json"])
        #expect(try JSONValue.parse(version.output)["data"]?.text("version") == Version.text)
    }

    @Test(arguments: [["--faults", "foo"], ["--offering", "nope"]])
    func `the demo names what it cannot find before it starts anything`(option: [String]) async throws {
        let run = try await CommandLineRun.of(["demo", "--once"] + option)
        #expect(run.status == 2 && run.messages.contains("\(option[0]) \(option[1]): "), "\(run.messages)")
    }
}
