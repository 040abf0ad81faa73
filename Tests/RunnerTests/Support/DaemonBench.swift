import Adapters
import Foundation
import SagaEngine
import Sandbox
import Testing

@testable import saga_runner

/// A folder with a configuration, and what it takes to run a daemon on it.
struct DaemonBench: Sendable {
    static let secretText = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0123456789ab"
    static let tokens = ["viewer": "token-viewer", "operator": "token-operator", "admin": "token-admin"]

    let folder: ScratchFolder
    let configPath: String
    /// The flows that its configuration may schedule.
    var schedulable: [FlowForm] = []

    init(sandbox: String = "http://127.0.0.1:9", changes: [(String, String)] = []) throws {
        folder = try ScratchFolder()
        try folder.write("secret", Self.secretText)
        let lines = Self.tokens.sorted { $0.key < $1.key }.map { role, token in
            "\(role)-person \(role) \(SHA256Digest().hex(Array(token.utf8)))"
        }
        try folder.write("tokens", "# who\n" + lines.joined(separator: "\n") + "\n")
        var text = Self.config.replacingOccurrences(of: "SANDBOX", with: sandbox)
        for (old, new) in changes {
            precondition(text.contains(old), "the bench's configuration has no \(old)")
            text = text.replacingOccurrences(of: old, with: new)
        }
        configPath = try folder.write("config.json", text)
    }

    func config() async throws -> RunnerConfig {
        try await RunnerConfig.read(configPath, environment: [:], schedulable: schedulable)
    }

    /// Runs a daemon while the body looks on.
    func run<Value: Sendable>(
        _ log: LogPipe? = nil, clock: any SagaClock = SystemClock(), _ body: @Sendable (Daemon) async throws -> Value
    ) async throws -> Value {
        let logger = try log ?? LogPipe(level: .error)
        let daemon = try await Daemon.start(try await config(), clock: clock, logger: logger.logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await daemon.run() }
            do {
                let value = try await body(daemon)
                daemon.stop()
                try await group.waitForAll()
                return value
            } catch {
                daemon.stop()
                throw error
            }
        }
    }

    /// Runs a command line with the token of a role; it finds the daemon, or the store, through this configuration.
    func command(_ arguments: [String], as role: String = "operator") async throws -> CommandLineRun {
        let token = try folder.write("token-\(role)", Self.tokens[role] ?? "")
        return try await CommandLineRun.of(
            arguments, variables: ["SAGA_RUNNER_CONFIG": configPath, "SAGA_RUNNER_TOKEN_FILE": token])
    }

    static let config = """
        {
          "store": {"path": "store.db", "anchor": "anchor", "minimum_free_mib": 0},
          "api": {"port": 0, "token_file": "tokens"},
          "runner": {"drain": "5s"},
          "retry_policies": {"quick": {"initial": "20ms", "cap": "300ms", "attempts": 100}},
          "notice_policies": {"quick": {"patience": "300ms", "initial": "100ms", "cap": "500ms"}},
          "policies": {"steps": "quick"},
          "counterparties": {
            "custodian": {
              "base_url": "SANDBOX", "terms": {"quiet_time": "1s", "settlement": "notice_or_find"},
              "retry_policy": "quick", "notice_policy": "quick", "limits": {"breaker_pause": "100ms"},
              "webhook": {"secrets": [{"file": "secret", "key_id": "k1"}], "body_limit_kib": 64}
            },
            "blockchain": {
              "base_url": "SANDBOX", "terms": {"quiet_time": "1s", "settlement": "notice_or_find"},
              "retry_policy": "quick", "notice_policy": "quick", "limits": {"lane": 1000, "breaker_pause": "100ms"}
            },
            "bank": {"base_url": "SANDBOX",
              "terms": {"quiet_time": "1s", "settlement": "notice_or_find"},
              "retry_policy": "quick", "notice_policy": "quick",
              "webhook": {"secrets": [{"file": "secret", "key_id": "k1"}]}
            }
          },
          "single_handed": true, // everything is on loopback
          "outbox": {"file": "outbox.ndjson"}
        }
        """
}
