internal import Adapters
internal import Foundation
internal import SagaEngine

/// The demo's processes: the counterparties and the daemons, each this very program.
final class DemoHouse: Sendable {
    private static let readyWithin = Duration.seconds(15)

    let folder: DemoFolder
    let sandbox: ChildProcess
    let sandboxAddress: String
    /// The daemons; those that were killed on purpose are not among them any more.
    private let daemons: Locked<[(process: ChildProcess, address: String)]>
    let store: DemoStore
    /// Speaks to the last daemon, which is never killed.
    let client: DaemonClient
    /// What spawned commands find their daemon by.
    let variables: [String: String]

    private init(
        _ folder: DemoFolder, _ store: DemoStore, _ sandbox: ChildProcess, at sandboxAddress: String,
        _ daemons: [(process: ChildProcess, address: String)], _ client: DaemonClient, _ variables: [String: String]
    ) {
        self.folder = folder
        self.store = store
        self.sandbox = sandbox
        self.sandboxAddress = sandboxAddress
        self.daemons = Locked(daemons)
        self.client = client
        self.variables = variables
    }

    /// Starts all, each on a port that the system picks, and shows them to each other.
    static func start(
        in folder: DemoFolder, store: DemoStore, runners: Int, offerings: [String], faults: String?, seed: String?
    ) async throws -> DemoHouse {
        let secret = "whsec_" + Base64.encode(try SecureRandom.bytes(32))
        let token = Adapters.Hex.encode(try SecureRandom.bytes(32))
        let secretFile = try folder.write(secret + "\n", as: "webhook-secret")
        _ = try folder.write(token + "\n", as: "token")
        _ = try folder.write(
            "demo operator " + Adapters.Hex.encode(SHA256Digest.hash(token)) + "\n", as: "tokens")
        try store.prepare(folder)
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
        var daemons: [(process: ChildProcess, address: String)] = []
        do {
            let address = try await ready(sandbox)
            var config = ""
            for number in 1...runners {
                let text = DemoConfiguration(sandbox: address, store: store, runner: number).text
                config = try folder.write(text, as: number == 1 ? "saga-runner.json" : "saga-runner-\(number).json")
                let name = runners == 1 ? "daemon" : "runner-\(number)"
                let process = try ChildProcess(name, ["serve", "--config", config, "--json"], in: folder)
                daemons.append((process, ""))
                daemons[number - 1].address = try await ready(process)
            }
            try await SandboxAdmin(address: address).redirect(to: daemons[0].address + "/webhooks")
            return DemoHouse(
                folder, store, sandbox, at: address, daemons,
                try DaemonClient(address: daemons[runners - 1].address, token: token), ["SAGA_RUNNER_CONFIG": config])
        } catch {
            for daemon in daemons { await daemon.process.stop() }
            await sandbox.stop()
            throw error
        }
    }

    /// How many daemons there are.
    var runners: Int { daemons.withLock { $0.count } }

    /// Kills the first daemon, to which the callbacks go, and sends these to the next one; answers with its name.
    func killOne() async throws -> String {
        let (victim, next) = daemons.withLock { daemons in (daemons.removeFirst(), daemons[0]) }
        await victim.process.killHard()
        try await SandboxAdmin(address: sandboxAddress).redirect(to: next.address + "/webhooks")
        return victim.process.name
    }

    /// Ends all, and removes what they leave outside of the folder.
    func stop() async throws {
        for daemon in daemons.withLock({ $0 }) { await daemon.process.stop() }
        await sandbox.stop()
        try await store.remove()
    }

    /// What a daemon or the sandbox has written last, when one of them has ended by itself.
    var obituary: String? {
        for child in daemons.withLock({ $0 }).map(\.process) + [sandbox] where !child.isRunning {
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
