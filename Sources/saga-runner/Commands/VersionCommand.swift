internal import Adapters
internal import SagaEngine

/// `saga-runner version`.
struct VersionCommand {
    static let help = """
        Usage: saga-runner version [--json]

        Prints the program's version.

        Example:
          saga-runner version

        """

    /// Runs the command with what follows `version` on the command line, and answers with the exit status.
    static func run(arguments: [String]) async -> Int32 {
        let text: String
        switch arguments {
        case []: text = "saga-runner \(Version.text)\n"
        case ["--json"]: text = JSONValue.fields(("version", .string(Version.text))).text() + "\n"
        case let other: text = other.contains("--help") || other.contains("-h") ? help : ""
        }
        guard !text.isEmpty else { return 2 }
        do {
            try await OutputFile.standardOutput.write(text)
            return 0
        } catch {
            return 1
        }
    }
}
