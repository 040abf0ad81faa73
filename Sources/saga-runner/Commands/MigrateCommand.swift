internal import Adapters
internal import SagaEngine

/// `saga-runner migrate`: takes the schema's missing steps in a store that nobody holds.
struct MigrateCommand {
    static let help = """
        Usage: saga-runner migrate [--config FILE] [--json]

        Brings the store's schema up to this program's, step by step, and says why each step is there. The daemon does
        the same when it starts; this does it ahead of time. Make a backup first. With SQLite, stop the daemon, too; with
        PostgreSQL the first one to start takes the steps, and those of an older program go on until they are replaced.

          --config FILE   the configuration; SAGA_RUNNER_CONFIG when it is not given
          --json          the steps as one JSON document

        Exit status: 0 done, 1 failed, 2 wrong usage.

        Example:
          saga-runner migrate --config config/saga-runner.json

        """

    private let output: OutputFile
    private let messages: OutputFile

    init(output: OutputFile = .standardOutput, messages: OutputFile = .standardError) {
        self.output = output
        self.messages = messages
    }

    /// Runs the command with what follows `migrate` on the command line, and answers with the exit status.
    static func run(arguments: [String]) async -> Int32 {
        await MigrateCommand().run(arguments)
    }

    func run(_ arguments: [String]) async -> Int32 {
        do {
            let options = try ConfigOptions(arguments, flags: ["--json"])
            try await output.write(options.wantsHelp ? Self.help : try await migrate(options))
            return 0
        } catch {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("saga-runner migrate: \(error)\n")
            return error is UsageError ? 2 : 1
        }
    }

    private func say(_ text: String) async {
        do {
            try await messages.write(text)
        } catch {
            // Nobody is left to be told; the exit status says the rest.
            return
        }
    }

    private func migrate(_ options: ConfigOptions) async throws -> String {
        let config = try await RunnerConfig.read(options.config)
        let steps = try await StoreChoice.migrate(config)
        if options.has("--json") {
            let list = steps.map { JSONValue.fields(("number", .count($0.number)), ("reason", .string($0.reason))) }
            return Answer(data: .fields(("steps", .array(list)))).document
        }
        if steps.isEmpty { return "the schema of \(config.store.place.words) is up to date\n" }
        return steps.map { "step \($0.number): \($0.reason)\n" }.joined()
    }
}
