internal import Adapters
internal import SagaEngine

/// `saga-runner version`.
enum VersionCommand {
    static let command = Command.declared(
        "version", .care, "Prints the program's version", examples: ["saga-runner version"]
    ) { invocation in
        let answer = Answer(data: .fields(("version", .string(Version.text))))
        try await invocation.console.write(
            invocation.wantsJSON ? answer.document : "saga-runner \(Version.text)\n")
    }
}
