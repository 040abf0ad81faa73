import Adapters
import Foundation
import SagaEngine

@testable import saga_runner

/// What a command line of the whole program did.
struct CommandLineRun {
    let status: Int32
    let output: String
    let messages: String

    /// Runs a command line in this process, with its output and messages in files.
    static func of(
        _ arguments: [String], table: CommandTable = .all, variables: [String: String] = [:],
        clock: any SagaClock = SystemClock()
    ) async throws -> CommandLineRun {
        let (output, messages) = (try ScratchFile(), try ScratchFile())
        let console = Console(
            output: OutputFile(descriptor: output.handle.fileDescriptor),
            messages: OutputFile(descriptor: messages.handle.fileDescriptor))
        let environment = CommandEnvironment(console: console, variables: variables, clock: clock)
        let status = await table.run(arguments, in: environment)
        return CommandLineRun(status: status, output: try output.text(), messages: try messages.text())
    }
}

/// A file without a name in any folder that matters; gone with the value.
private final class ScratchFile {
    let handle: FileHandle
    private let path: String

    init() throws {
        path = NSTemporaryDirectory() + "saga-runner-output-\(UUID().uuidString)"
        try Data().write(to: URL(filePath: path))
        handle = try FileHandle(forUpdating: URL(filePath: path))
    }

    deinit { unlink(path) }

    func text() throws -> String {
        try handle.seek(toOffset: 0)
        return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
}
