import Foundation

/// The compiler that built this test, asked about a file against the modules this test was built with.
enum Compiler {
    /// What it said.
    struct Verdict {
        let status: Int32
        /// Its errors, as `line:column: message`.
        let errors: [String]
    }

    /// Why it could not be asked.
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    /// The features that `Package.swift` turns on.
    private static let features = [
        "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault",
    ]

    /// Type-checks a source together with other files.
    static func check(_ source: String, beside others: [URL]) throws -> Verdict {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("illegal-flow-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") }
        }
        let file = folder.appendingPathComponent("Flow.swift")
        try source.write(to: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        var arguments = ["swiftc", "-typecheck", "-swift-version", "6", "-I", try modules().path]
        for feature in features { arguments += ["-enable-upcoming-feature", feature] }
        process.arguments = arguments + [file.path] + others.map(\.path)
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Verdict(status: process.terminationStatus, errors: errors(in: said))
    }

    /// Errors start a line with the file's name; what follows is notes and pictures.
    private static func errors(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            guard let start = line.range(of: "Flow.swift:"), line.contains(": error: ") else { return nil }
            return String(line[start.upperBound...])
        }
    }

    /// The modules beside the running test bundle.
    private static func modules() throws -> URL {
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var candidates = [executable.deletingLastPathComponent()]
        if let argument = CommandLine.arguments.first(where: { $0.hasSuffix(".xctest") }) {
            candidates.append(URL(fileURLWithPath: argument).deletingLastPathComponent())
        }
        for folder in candidates {
            let modules = folder.appendingPathComponent("Modules")
            let wanted = modules.appendingPathComponent("SettlementFlows.swiftmodule")
            if FileManager.default.fileExists(atPath: wanted.path) { return modules }
        }
        throw Unusable(description: "no Modules/SettlementFlows.swiftmodule beside \(candidates.map(\.path))")
    }
}
