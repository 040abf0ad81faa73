internal import Foundation
internal import SagaEngine

/// A command of this very program in a process of its own, with what it says; ended by its id, never left behind.
final class ChildProcess: Sendable {
    /// How a child ended and what it wrote.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let messages: String
    }

    /// The most that is kept of what a child writes, in bytes.
    static let outputLimit = 16 << 20
    /// How long a command that has closed its output may take to end, in seconds.
    private static let runLimit: TimeInterval = 60

    let name: String
    let pid: Int32
    private let lines: AsyncStream<String>
    private let end: ProcessEnd

    /// Starts `saga-runner` with arguments; what it says as messages goes to a file.
    init(_ name: String, _ arguments: [String], log: String, variables: [String: String] = [:]) throws {
        guard FileManager.default.createFile(atPath: log, contents: nil, attributes: [.posixPermissions: 0o600]),
            let messages = FileHandle(forWritingAtPath: log)
        else { throw CommandFailure(.failed, "cannot write \(log)") }
        let process = Self.process(arguments, variables)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = messages
        process.standardInput = FileHandle.nullDevice
        let end = ProcessEnd()
        process.terminationHandler = { end.came($0.terminationStatus) }
        self.name = name
        self.end = end
        lines = Self.lines(of: output.fileHandleForReading)
        try process.run()
        pid = process.processIdentifier
    }

    /// The first line that the child says, which tells that it is ready.
    func firstLine() async -> String? {
        for await line in lines { return line }
        return nil
    }

    var isRunning: Bool { end.status == nil }

    /// Asks the child to end, waits, and ends it the hard way when it takes longer than it may.
    func stop(within limit: TimeInterval = 10) async {
        guard isRunning else { return }
        kill(pid, SIGTERM)
        if await end.wait(atMost: limit) == nil {
            kill(pid, SIGKILL)
            _ = await end.wait(atMost: limit)
        }
    }

    /// Runs a command to its end.
    static func run(_ arguments: [String], variables: [String: String]) async throws -> Outcome {
        let process = process(arguments, variables)
        let (output, messages) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = messages
        process.standardInput = FileHandle.nullDevice
        let end = ProcessEnd()
        process.terminationHandler = { end.came($0.terminationStatus) }
        let (said, told) = (lines(of: output.fileHandleForReading), lines(of: messages.fileHandleForReading))
        try process.run()
        async let outputText = text(said)
        async let messageText = text(told)
        let texts = (await outputText, await messageText)
        let status = await end.wait(atMost: runLimit)
        return Outcome(status: status ?? -1, output: texts.0, messages: texts.1)
    }

    /// This program's own file.
    static var program: String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            return CommandLine.arguments[0]
        }
    }

    private static func process(_ arguments: [String], _ variables: [String: String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        return process
    }

    private static func text(_ lines: AsyncStream<String>) async -> String {
        var text = ""
        for await line in lines where text.utf8.count < outputLimit { text += line + "\n" }
        return text
    }

    /// The lines that come through a pipe; the last one may lack its end.
    private static func lines(of file: FileHandle) -> AsyncStream<String> {
        AsyncStream { continuation in
            let rest = Locked([UInt8]())
            file.readabilityHandler = { file in
                let data = file.availableData
                let complete = rest.withLock { rest in
                    rest.append(contentsOf: data)
                    var lines: [String] = []
                    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                        lines.append(String(decoding: rest[..<end], as: UTF8.self))
                        rest.removeFirst(end + 1)
                    }
                    if data.isEmpty, !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
                    return lines
                }
                for line in complete { continuation.yield(line) }
                guard data.isEmpty else { return }
                file.readabilityHandler = nil
                continuation.finish()
            }
        }
    }
}
