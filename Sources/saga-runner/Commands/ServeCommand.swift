internal import Adapters
internal import Foundation
internal import SagaEngine

/// `saga-runner serve`: the daemon.
struct ServeCommand {
    static let help = """
        Usage: saga-runner serve --config FILE [--after-restore] [--json]

        Runs the daemon until SIGTERM or SIGINT: settles what is submitted, takes callbacks, answers the API. When it
        answers, it prints one line on standard output: saga-runner serves http://HOST:PORT.

          --config FILE     the configuration; SAGA_RUNNER_CONFIG when it is not given
          --after-restore   the database was restored from a backup: whatever was sent since then is asked about first.
                            For one start only: each start with it begins a new life of the data, and says so
          --json            prints the address and the process as JSON

        SIGTERM: no new request, no new work; what is under way is finished or given back, then the store is closed.
        Exit status: 0 stopped by a signal, 1 failed (the message says what stands in the way), 2 wrong usage.

        Example:
          saga-runner serve --config config/saga-runner.json

        """

    private let output: OutputFile
    private let messages: OutputFile

    init(output: OutputFile = .standardOutput, messages: OutputFile = .standardError) {
        self.output = output
        self.messages = messages
    }

    /// Runs the command with what follows `serve` on the command line, and answers with the exit status.
    static func run(arguments: [String]) async -> Int32 {
        await ServeCommand().run(arguments)
    }

    func run(_ arguments: [String]) async -> Int32 {
        do {
            let options = try ConfigOptions(arguments, flags: ["--after-restore", "--json"])
            if options.wantsHelp {
                try await output.write(Self.help)
            } else {
                try await serve(options)
            }
            return 0
        } catch let error as UsageError {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("\(error)\nTry: saga-runner serve --help")
            return 2
        } catch {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("\(error)")
            return 1
        }
    }

    private func serve(_ options: ConfigOptions) async throws {
        // Signals are caught before anything is open, so that an early one is not lost.
        let stop = StopSignals.first()
        // The store and the outbox hold what is personal: what is made from now on is for this user alone.
        umask(0o077)
        let config = try await RunnerConfig.read(options.config)
        for warning in config.warnings { await say("warning: \(warning)") }
        let daemon = try await Self.start(config, afterRestore: options.has("--after-restore"))
        let line =
            options.has("--json")
            ? #"{"data":{"address":"\#(daemon.address)","pid":\#(ProcessInfo.processInfo.processIdentifier)}}"#
            : "saga-runner serves \(daemon.address)"
        if let reincarnation = daemon.assembly.store.reincarnation {
            await say("warning: " + RestoreWords(reincarnation: reincarnation).sentence)
        }
        try await output.write(line + "\n")
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in stop { daemon.stop() }
                }
                defer { group.cancelAll() }
                try await daemon.run()
            }
        } catch {
            throw LateFailure(error: StoreChoice.placed(error, in: config.store.place))
        }
    }

    private static func start(_ config: RunnerConfig, afterRestore: Bool) async throws -> Daemon {
        do {
            return try await Daemon.start(config, afterRestore: afterRestore)
        } catch {
            throw StoreChoice.placed(error, in: config.store.place)
        }
    }

    private func say(_ text: String) async {
        do {
            try await messages.write("saga-runner serve: \(text)\n")
        } catch {
            // Nobody is left to be told; the exit status says the rest.
            return
        }
    }
}
