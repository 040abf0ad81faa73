internal import Adapters
internal import SagaEngine

/// Where the demo speaks: what is told goes to the output, or to the messages when the output is to be JSON.
struct DemoStage: Sendable {
    let console: Console
    let wantsJSON: Bool

    var ink: Ink { wantsJSON ? Ink(isOn: false) : console.ink }

    func tell(_ text: String) async throws {
        if wantsJSON { await console.say(text) } else { try await console.write(text + "\n") }
    }

    func title(_ text: String) async throws {
        try await tell("\n" + ink.bold(text))
    }

    /// Runs a command of this program as a user would, and shows the command line and what it says.
    func run(_ arguments: [String], in house: DemoHouse) async throws -> String {
        try await tell(ink.cyan("$ saga-runner " + arguments.map(\.shellQuoted).joined(separator: " ")))
        let outcome = try await ChildProcess.run(arguments, in: house.folder, variables: house.variables)
        for line in (outcome.messages + outcome.output).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
        {
            try await tell("  " + line)
        }
        guard outcome.status == CommandStatus.done.rawValue else {
            throw CommandFailure(.failed, "saga-runner \(arguments[0]) ended with \(outcome.status)")
        }
        return outcome.output
    }
}
