internal import Foundation

/// Finds what the demo brings along: from the working directory, or from where the program was built.
enum DemoFiles {
    static let offering = "Tests/Fixtures/offerings/sg-tower-1k"
    static let faults = "config/sandbox-faults.json"
    /// How many folders above the program are looked into.
    private static let levels = 6

    static func find(_ name: String) throws(CommandFailure) -> String {
        if FileManager.default.fileExists(atPath: name) { return name }
        var folder = URL(filePath: ChildProcess.program).deletingLastPathComponent()
        var candidates: [URL] = []
        for _ in 0..<levels {
            candidates.append(folder)
            folder.deleteLastPathComponent()
        }
        for candidate in candidates {
            let path = candidate.appending(path: name).path
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        throw CommandFailure(.failed, "\(name) is neither here nor beside the program: run the demo in the repository")
    }
}
