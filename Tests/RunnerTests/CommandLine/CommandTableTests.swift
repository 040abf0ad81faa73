import Adapters
import Foundation
import Testing

@testable import saga_runner

struct CommandTableTests {
    @Test(arguments: CommandTable.all.commands.map(\.name))
    func `the help of every command has its usage and an example that calls it`(name: String) async throws {
        let run = try await CommandLineRun.of(name.split(separator: " ").map(String.init) + ["--help"])
        #expect(run.status == 0)
        #expect(run.messages.isEmpty)
        #expect(run.output.hasPrefix("Usage: saga-runner \(name)"))
        let example = try #require(run.output.split(separator: "Example").last)
        #expect(example.contains("saga-runner \(name)"))
    }

    @Test func `no two commands have the same words and every one has a line in the overview`() async throws {
        let names = CommandTable.all.commands.map(\.name)
        #expect(Set(names).count == names.count)
        let run = try await CommandLineRun.of([])
        #expect(run.status == 0)
        for command in CommandTable.all.commands { #expect(run.output.contains("  \(command.name)  ")) }
    }

    @Test func `a slip in an option of serve or sandbox is told what was meant`() {
        let serve = #expect(throws: UsageError.self) {
            try ConfigOptions(["--confg", "x"], flags: ["--after-restore", "--json"])
        }
        #expect(serve?.description.contains("did you mean '--config'?") == true)
        let flag = #expect(throws: UsageError.self) {
            try ConfigOptions(["--after-restor"], flags: ["--after-restore", "--json"])
        }
        #expect(flag?.description.contains("did you mean '--after-restore'?") == true)
        let sandbox = #expect(throws: UsageError.self) { try SandboxOptions(["--prot=1"]) }
        #expect(sandbox?.description.contains("did you mean '--port'?") == true)
    }

    @Test func `a file of faults that cannot be used is named`() async throws {
        let folder = try ScratchFolder()
        let faults = try folder.write("faults.json", "[]")
        let (output, messages) = (try folder.write("output", ""), try folder.write("messages", ""))
        let files = try [output, messages].map { try FileHandle(forUpdating: URL(filePath: $0)) }
        let command = SandboxCommand(
            output: OutputFile(descriptor: files[0].fileDescriptor),
            messages: OutputFile(descriptor: files[1].fileDescriptor))
        #expect(await command.run(["--port", "0", "--faults", faults]) == 1)
        let said = try String(contentsOfFile: messages, encoding: .utf8)
        #expect(said.contains("\(faults): the file of faults cannot be used"), "\(said)")
    }

    @Test func `the commands of the contract are all there`() {
        let names = Set(CommandTable.all.commands.map(\.name))
        let promised = [
            "serve", "demo", "sandbox", "allot", "settle", "submit", "list", "show", "retry", "resume", "resolve",
            "exclude", "discard", "cancel", "notices list", "notices show", "notices bind", "notices import", "approve",
            "reject", "actions", "audit verify", "migrate", "verify-store", "config check", "version",
            // What the API has besides, each with its command.
            "prints", "evidence", "notices verify", "schedules",
        ]
        #expect(Set(promised).subtracting(names).isEmpty)
    }

    @Test(arguments: [
        (["lsit"], "did you mean 'list'?"), (["show"], "ID is missing"),
        (["show", "a", "b"], "'b' is one argument too many"),
        (["list", "--statsu", "stuck"], "did you mean '--status'?"),
        (["list", "--status", "stuk"], "did you mean 'stuck'?"),
        (["list", "--limit"], "--limit needs a value"), (["list", "--limit", "1", "--limit=2"], "given twice"),
        (["list", "--json=yes"], "takes no value"), (["notices", "lits"], "did you mean 'list'?"),
        (["list", "--limit", "501", "--config", "x"], "from 1 to 500"), (["list"], "give --config FILE or set"),
        (["settle", "--offering", "x"], "--subscriptions FILE is missing"),
        (["cancel", "--reason", "x"], "ID is missing"),
        (["retry", "x", "--where", "y", "--reason", "z"], "not both"),
        (["retry", "x", "--config", "c"], "--reason is missing"),
        (["retry", "--where", "status=stuck", "--reason", "x"], "look first"),
        (["retry", "x", "--dry-run", "--reason", "z"], "goes with --where"),
        (["counterparties", "switch", "bank", "--on", "--off", "--reason", "x"], "give --off or --on"),
        (["evidence", "abc", "--to", "x"], "'abc' is no SHA-256"),
        (["evidence", String(repeating: "a", count: 64)], "give --to FILE or --json"),
        (["notices", "verify", "1"], "--reason TEXT is missing"),
        (["zzzzzz"], "'zzzzzz' is not a command\n"),
        (
            [
                "settle", "--offering", "/tmp", "--subscriptions", "s", "--investors", "i",
            ], "--offering /tmp is a folder; give the file with the terms: --offering /tmp/offering.json"
        ),
    ])
    func `wrong usage ends with 2, says what is wrong and prints nothing`(
        arguments: [String], message: String
    ) async throws {
        let run = try await CommandLineRun.of(arguments)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages.contains(message), "\(run.messages)")
        #expect(run.messages.contains("--help"))
    }

    @Test func `a group of commands alone lists its members`() async throws {
        let run = try await CommandLineRun.of(["notices"])
        #expect(run.status == 2)
        #expect(run.output.contains("notices import"))
        #expect(!run.output.contains("audit"))
    }

    @Test(arguments: [["actions"], ["approve", "17"], ["reject", "17"]])
    func `the second person's commands are refused with clear words`(arguments: [String]) async throws {
        let run = try await CommandLineRun.of(arguments)
        #expect(run.status == 4)
        #expect(run.messages.contains("not available yet"))
    }

    @Test func `arguments are taken up to the limit and not beyond`() async throws {
        let table = CommandTable(commands: [
            .declared("take", .look, "Takes", operands: ["[A]"], examples: ["saga-runner take"]) { _ in }
        ])
        let flags = [String](repeating: "x", count: CommandParser.argumentLimit)
        let full = try await CommandLineRun.of(["take"] + flags, table: table)
        #expect(full.messages.contains("one argument too many"))
        let beyond = try await CommandLineRun.of(["take", "x"] + flags, table: table)
        #expect(beyond.messages.contains("more than 256 arguments"))
    }

    @Test func `values, flags and operands reach the action in any order`() async throws {
        let table = CommandTable(commands: [
            .declared(
                "take", .look, "Takes", operands: ["A", "[B]"],
                options: [.value("--size", "N", "a size"), .flag("--fast", "fast")], examples: ["saga-runner take a"]
            ) { invocation in
                #expect(invocation.operands == ["a", "--b"])
                #expect(invocation["--size"] == "=7")
                #expect(invocation.has("--fast") && !invocation.wantsJSON)
            }
        ])
        let run = try await CommandLineRun.of(["take", "--fast", "a", "--size==7", "--", "--b"], table: table)
        #expect(run.status == 0)
    }

    @Test(arguments: CommandStatus.allCases)
    func `a failure ends with its own status and says why`(status: CommandStatus) async throws {
        let table = CommandTable(commands: [
            .declared("fail", .look, "Fails", examples: ["saga-runner fail"]) { _ in
                throw CommandFailure(status, "because")
            }
        ])
        let run = try await CommandLineRun.of(["fail"], table: table)
        #expect(run.status == status.rawValue)
        #expect(run.messages == "saga-runner fail: because\n")
    }
}
