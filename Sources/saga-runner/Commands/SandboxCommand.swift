internal import Adapters
internal import SagaEngine
internal import Sandbox

/// `saga-runner sandbox`: custodian, blockchain and bank as HTTP servers that misbehave on demand.
struct SandboxCommand {
    static let help = """
        Usage: saga-runner sandbox --port N [--faults FILE] [--seed N] [--offering DIR]…
                                   [--callback URL --secret-file FILE] [--journal DIR]
                                   [--completion-ms N] [--quiet-ms N] [--json]

        Runs custodian, blockchain and bank on one port of loopback until SIGTERM or SIGINT. They keep books of their
        own and misbehave as the file of faults says. See docs/reference/sandbox.md.

          --port N              the port; 0 lets the system choose, and the address is printed
          --faults FILE         which faults strike when (JSON)
          --seed N              the seed of all chance, instead of the file's
          --offering DIR        opens the accounts of the offering in DIR, escrow filled with what was paid; repeatable
          --callback URL        where notices go: http://127.0.0.1:PORT/webhooks, to which the counterparty is appended
          --secret-file FILE    holds the secret that signs notices: whsec_ and base64
          --journal DIR         keeps the counterparties' journals in DIR, so that a restart forgets nothing
          --completion-ms N     how long an order takes, up to twice as long by chance (50)
          --quiet-ms N          how long after a possible send an order may still be applied (5000)
          --json                prints the address as JSON

        Exit status: 0 stopped by a signal, 1 failed, 2 wrong usage.

        Example:
          saga-runner sandbox --port 8099 --offering Tests/Fixtures/offerings/sg-tower-1k

        """
    private static let fileLimit = 1 << 20

    private let output: OutputFile
    private let messages: OutputFile

    init(output: OutputFile = .standardOutput, messages: OutputFile = .standardError) {
        self.output = output
        self.messages = messages
    }

    /// Runs the command with what follows `sandbox` on the command line, and answers with the exit status.
    static func run(arguments: [String]) async -> Int32 {
        await SandboxCommand().run(arguments)
    }

    func run(_ arguments: [String]) async -> Int32 {
        do {
            let options = try SandboxOptions(arguments)
            if options.wantsHelp {
                try await output.write(Self.help)
            } else {
                try await serve(options, until: StopSignals.first())
            }
            return 0
        } catch let error as UsageError {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("\(error)\nTry: saga-runner sandbox --help")
            return 2
        } catch {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("\(error)")
            return 1
        }
    }

    private func serve(_ options: SandboxOptions, until stop: AsyncStream<Int32>) async throws {
        let sandbox = try await SandboxServer.start(try await configuration(options))
        let line = options.asJSON ? #"{"data":{"address":"\#(sandbox.address)"}}"# : "sandbox at \(sandbox.address)"
        try await output.write(line + "\n")
        if options.journal == nil { await say("without --journal the counterparties forget everything when they stop") }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await sandbox.run() }
                group.addTask { for await _ in stop { return } }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            throw LateFailure(error: error)
        }
        await sandbox.stop()
    }

    private func configuration(_ options: SandboxOptions) async throws -> SandboxConfiguration {
        var configuration = SandboxConfiguration(port: options.port, secret: try await secret(options))
        if let path = options.faults {
            let file = try await FileReader(path: path).all(limit: Self.fileLimit)
            do {
                configuration.faults = try FaultPlan(file: file, seed: options.seed)
            } catch {
                throw CommandFailure(.failed, "\(path): \(error)")
            }
        }
        for index in configuration.profiles.indices {
            configuration.profiles[index].quietTime = .milliseconds(options.quiet)
            guard !configuration.profiles[index].settlesAtOnce else { continue }
            configuration.profiles[index].completion = .milliseconds(options.completion)
            configuration.profiles[index].completionJitter = .milliseconds(options.completion)
        }
        configuration.callbackAddress = options.callback
        configuration.journalDirectory = options.journal
        configuration.offerings = options.offerings
        return configuration
    }

    private func secret(_ options: SandboxOptions) async throws -> WebhookSecret {
        guard let path = options.secretFile else {
            return try WebhookSecret("whsec_" + Base64.encode(try SecureRandom.bytes(32)))
        }
        let text = String(decoding: try await FileReader(path: path).all(limit: Self.fileLimit), as: UTF8.self)
        return try WebhookSecret(String(text.prefix { !$0.isWhitespace }))
    }

    private func say(_ text: String) async {
        do { try await messages.write("saga-runner sandbox: \(text)\n") } catch {
            // Nobody is left to be told.
            return
        }
    }
}
