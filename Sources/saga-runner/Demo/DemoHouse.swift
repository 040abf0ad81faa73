internal import Adapters
internal import Foundation
internal import SagaEngine

/// The demo's processes: the counterparties and the daemon, each this very program.
struct DemoHouse: Sendable {
    private static let readyWithin = Duration.seconds(15)

    let folder: DemoFolder
    let sandbox: ChildProcess
    let sandboxAddress: String
    let daemon: ChildProcess
    let client: DaemonClient
    /// What spawned commands find their daemon by.
    let variables: [String: String]

    /// Starts both, each on a port that the system picks, and shows them to each other.
    static func start(in folder: DemoFolder, offerings: [String], faults: String?, seed: String?) async throws
        -> DemoHouse
    {
        let secret = "whsec_" + Base64.encode(try SecureRandom.bytes(32))
        let token = Adapters.Hex.encode(try SecureRandom.bytes(32))
        let secretFile = try folder.write(secret + "\n", as: "webhook-secret")
        _ = try folder.write(token + "\n", as: "token")
        _ = try folder.write(
            "demo operator " + Adapters.Hex.encode(SHA256Digest.hash(token)) + "\n", as: "tokens")
        var arguments = [
            "sandbox", "--port", "0", "--json", "--callback", "http://127.0.0.1:1/webhooks", "--secret-file",
            secretFile,
            "--journal", folder.file("counterparties"), "--completion-ms", "2", "--quiet-ms",
            String(DemoConfiguration.sandboxQuiet),
        ]
        for offering in offerings { arguments += ["--offering", offering] }
        if let faults { arguments += ["--faults", faults] }
        if let seed, faults != nil { arguments += ["--seed", seed] }
        let sandbox = try ChildProcess("sandbox", arguments, in: folder)
        do {
            let address = try await ready(sandbox)
            let config = try folder.write(DemoConfiguration(sandbox: address).text, as: "saga-runner.json")
            let daemon = try ChildProcess("daemon", ["serve", "--config", config, "--json"], in: folder)
            do {
                let daemonAddress = try await ready(daemon)
                try await SandboxAdmin(address: address).redirect(to: daemonAddress + "/webhooks")
                return DemoHouse(
                    folder: folder, sandbox: sandbox, sandboxAddress: address, daemon: daemon,
                    client: try DaemonClient(address: daemonAddress, token: token),
                    variables: ["SAGA_RUNNER_CONFIG": config])
            } catch {
                await daemon.stop()
                throw error
            }
        } catch {
            await sandbox.stop()
            throw error
        }
    }

    /// Ends both.
    func stop() async {
        await daemon.stop()
        await sandbox.stop()
    }

    /// What the daemon or the sandbox has written last, when one of them has ended by itself.
    var obituary: String? {
        for child in [daemon, sandbox] where !child.isRunning {
            return "the \(child.name) has ended; its log is \(child.log)"
        }
        return nil
    }

    private static func ready(_ child: ChildProcess) async throws -> String {
        let line = try await child.firstLine(within: readyWithin)
        guard let address = try line.map({ try JSONValue.parse($0) })?["data"]?["address"]?.stringValue else {
            throw CommandFailure(.failed, "the \(child.name) did not start; its log is \(child.log)")
        }
        return address
    }
}
