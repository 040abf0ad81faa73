internal import Foundation

/// A command of this very program in a process of its own; ended by its id, never left behind.
///
/// What it writes goes to files rather than pipes: nothing has to be emptied for it to go on, and a file's end is sure.
final class ChildProcess: Sendable {
    /// How a child ended and what it wrote.
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let messages: String
    }

    /// How long a command of the demo's script may take, in seconds.
    private static let runLimit: TimeInterval = 60
    private static let look = Duration.milliseconds(20)

    let name: String
    let pid: Int32
    /// The file of its messages.
    let log: String
    private let output: String
    private let end: ProcessEnd

    /// Starts `saga-runner` with arguments; its output and messages go to files named after the child.
    init(_ name: String, _ arguments: [String], in folder: DemoFolder, variables: [String: String] = [:]) throws {
        self.name = name
        output = try folder.write("", as: name + ".out")
        log = try folder.write("", as: name + ".log")
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
        let end = ProcessEnd()
        process.terminationHandler = { end.came($0.terminationStatus) }
        self.end = end
        try process.run()
        pid = process.processIdentifier
    }

    var isRunning: Bool { end.status == nil }

    /// The first line that the child says, which tells that it is ready; nil when it ends or takes too long.
    func firstLine(within limit: Duration) async throws -> String? {
        let deadline = ContinuousClock.now + limit
        while true {
            let wasRunning = isRunning
            let text = try String(contentsOfFile: output, encoding: .utf8)
            if let end = text.firstIndex(of: "\n") { return String(text[..<end]) }
            guard wasRunning, ContinuousClock.now < deadline, await Pause.of(Self.look) == .over else { return nil }
        }
    }

    /// Asks the child to end, waits, and ends it the hard way when it takes longer than it may.
    func stop(within limit: TimeInterval = 10) async {
        guard isRunning else { return }
        kill(pid, SIGTERM)
        if await end.wait(atMost: limit) == nil {
            kill(pid, SIGKILL)
            _ = await end.wait(atMost: limit)
        }
    }

    /// Ends the child at once, as a crash would.
    func killHard() async {
        kill(pid, SIGKILL)
        _ = await end.wait(atMost: 10)
    }

    /// Runs a command to its end; one that takes too long is ended.
    static func run(
        _ arguments: [String], in folder: DemoFolder, variables: [String: String]
    ) async throws -> Outcome {
        let child = try ChildProcess("command", arguments, in: folder, variables: variables)
        let status = await child.end.wait(atMost: runLimit)
        await child.stop()
        return Outcome(
            status: status ?? -1, output: try String(contentsOfFile: child.output, encoding: .utf8),
            messages: try String(contentsOfFile: child.log, encoding: .utf8))
    }

    /// This program's own file.
    static var program: String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            return CommandLine.arguments[0]
        }
    }
}
