internal import Adapters
internal import SagaEngine

/// `saga-runner config check`: reads a configuration with all it refers to, and names every mistake.
struct ConfigCommand {
    static let help = """
        Usage: saga-runner config check [--config FILE] [--json]

        Checks a configuration as a whole, with the files and variables it refers to, and names all mistakes at once:
        the key, what is wrong, and what to write instead. Nothing is opened or changed.

          --config FILE   the configuration; SAGA_RUNNER_CONFIG when it is not given
          --json          the outcome as one JSON document; the mistakes are in the error's details

        Exit status: 0 it is right, 1 it is not, 2 wrong usage.

        Example:
          saga-runner config check --config config/saga-runner.json

        """

    private let output: OutputFile
    private let messages: OutputFile

    init(output: OutputFile = .standardOutput, messages: OutputFile = .standardError) {
        self.output = output
        self.messages = messages
    }

    /// Runs the command with what follows `config check` on the command line, and answers with the exit status.
    static func run(arguments: [String]) async -> Int32 {
        await ConfigCommand().run(arguments)
    }

    func run(_ arguments: [String]) async -> Int32 {
        do {
            let options = try ConfigOptions(arguments, flags: ["--json"])
            if options.wantsHelp {
                try await output.write(Self.help)
                return 0
            }
            return try await check(options)
        } catch {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("saga-runner config check: \(error)\nTry: saga-runner config check --help\n")
            return error is UsageError ? 2 : 1
        }
    }

    private func check(_ options: ConfigOptions) async throws -> Int32 {
        let warnings: [ConfigMistake]
        do throws(ConfigFault) {
            warnings = try await RunnerConfig.read(options.config).warnings
        } catch {
            if options.has("--json"), let document = FailureDocument.text(error) { try await output.write(document) }
            await say("\(error)\n")
            return 1
        }
        for warning in warnings { await say("warning: \(warning)\n") }
        let right = Answer(data: ["ok": true, "mistakes": []]).document
        try await output.write(options.has("--json") ? right : "\(options.config) is right\n")
        return 0
    }

    private func say(_ text: String) async {
        do {
            try await messages.write(text)
        } catch {
            // Nobody is left to be told; the exit status says the rest.
            return
        }
    }
}
