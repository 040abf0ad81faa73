internal import Foundation

/// A process that this one has started; only such are ever signalled.
package final class ChildProcess {
    package let name: String
    private let process = Process()
    private let output: String
    package let messages: String

    /// Starts a program; what it prints goes to files in a folder.
    package init(_ name: String, _ program: String, _ arguments: [String], in folder: String, life: Int) throws {
        self.name = name
        output = "\(folder)/\(name).\(life).out"
        messages = "\(folder)/\(name).\(life).log"
        for path in [output, messages] {
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw TheatreFailure("cannot write \(path)")
            }
        }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: messages)
        try process.run()
    }

    package var isRunning: Bool { process.isRunning }
    package var identifier: Int32 { process.processIdentifier }

    /// The first line on standard output, once it is there; `nil` when the process ended without one.
    package func firstLine(within limit: Duration) async throws -> String? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let isOver = !process.isRunning
            let text = try String(contentsOfFile: output, encoding: .utf8)
            if let end = text.firstIndex(of: "\n") { return String(text[..<end]) }
            if isOver { return nil }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw TheatreFailure("\(name) said nothing for \(limit); see \(messages)")
    }

    package func signal(_ number: Int32) {
        guard process.isRunning else { return }
        kill(process.processIdentifier, number)
    }

    /// Waits for the end and answers with the exit status, or minus the signal.
    package func end(within limit: Duration) async throws -> Int32 {
        let deadline = ContinuousClock.now + limit
        while process.isRunning {
            guard ContinuousClock.now < deadline else {
                throw TheatreFailure("\(name) does not end within \(limit); see \(messages)")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// What it said on standard error.
    package func said() throws -> String { try String(contentsOfFile: messages, encoding: .utf8) }
}
