package import Adapters
internal import Foundation
internal import SagaEngine

/// A folder of its own with a daemon and the three counterparties, as processes of the real program.
package final class Theatre {
    package static let token = "token-of-the-theatre"
    package static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0123456789ab"

    package struct Options {
        package var program: String
        /// Another version of the program, which every other life of a daemon in a troupe is.
        package var otherProgram: String?
        package var seed: UInt64
        package var faults = true
        package var minimumFreeMebibytes = 0
        package var dataFolder: String?
        /// How long orders take at the counterparties, in milliseconds; up to twice as long by chance.
        package var completion = 4
        /// Under which folder the theatre's own is made; the system's temporary one if none is named.
        package var parent: String?
        /// Writes the daemon's configuration, given where the counterparties are.
        package var configuration: @Sendable (_ sandbox: String, _ database: String, Options) -> String =
            Theatre.impatient

        package init(program: String, seed: UInt64) {
            self.program = program
            self.seed = seed
        }
    }

    package let folder: String
    package let data: String
    package let options: Options
    package let http: HTTPClient
    package private(set) var daemon: ChildProcess?
    package private(set) var sandbox: ChildProcess?
    package private(set) var api: RunnerAPI
    package private(set) var sandboxAddress = ""
    package private(set) var lives = 0
    package let tail: CounterpartyTail

    package init(_ options: Options) throws {
        self.options = options
        let name = (options.parent ?? FileManager.default.temporaryDirectory.path) + "/saga-theatre-XXXXXX"
        var template = Array(name.utf8CString)
        guard mkdtemp(&template) != nil else { throw TheatreFailure("no temporary folder can be made at \(name)") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        data = options.dataFolder ?? "\(folder)/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(folder)/offerings", withIntermediateDirectories: true)
        http = try HTTPClient()
        api = RunnerAPI(address: "http://127.0.0.1:9", http: http)
        tail = CounterpartyTail(folder: "\(folder)/counterparties")
    }

    package var database: String { "\(data)/store.db" }
    package var configuration: String { "\(folder)/config.json" }

    /// Makes offerings.
    package func offerings(_ numbers: ClosedRange<Int>, investors: Int) async throws -> [MadeUpOffering] {
        var made: [MadeUpOffering] = []
        for number in numbers {
            // Every third pays refunds out through the bank, so that its faults strike, too.
            made.append(
                try await MadeUpOffering.write(
                    number: number, investors: investors, toBank: number % 3 == 1, in: "\(folder)/offerings",
                    seed: options.seed, program: options.program))
        }
        return made
    }

    /// Makes one offering, in circumstances of its own.
    package func offering(
        _ number: Int, investors: Int, _ circumstances: MadeUpOffering.Circumstances
    ) async throws -> MadeUpOffering {
        try await MadeUpOffering.write(
            number: number, investors: investors, toBank: number % 3 == 1, circumstances, in: "\(folder)/offerings",
            seed: options.seed, program: options.program)
    }

    /// Starts the counterparties with the accounts of some offerings.
    package func startSandbox(_ offerings: [MadeUpOffering], faults: String) async throws {
        try write("secret", Self.secret)
        try write("faults.json", faults)
        var arguments = ["sandbox", "--port", "0", "--journal", "\(folder)/counterparties", "--json"]
        arguments += ["--secret-file", "\(folder)/secret", "--callback", "http://127.0.0.1:9/webhooks"]
        arguments += ["--completion-ms", "\(options.completion)", "--quiet-ms", "900", "--seed", "\(options.seed)"]
        if options.faults { arguments += ["--faults", "\(folder)/faults.json"] }
        for offering in offerings { arguments += ["--offering", offering.folder] }
        let child = try ChildProcess("sandbox", options.program, arguments, in: folder, life: 0)
        sandbox = child
        guard let line = try await child.firstLine(within: .seconds(60)),
            let address = try JSONValue.parse(line)["data"]?["address"]?.stringValue
        else { throw TheatreFailure("the sandbox does not start: \(try child.said())") }
        sandboxAddress = address
        try write("config.json", options.configuration(address, database, options))
        let digest = SHA256Digest().hex(Array(Self.token.utf8))
        try write("tokens", "theatre admin \(digest)\n")
    }

    /// Starts a life of the daemon without waiting for it.
    package func launchDaemon(afterRestore: Bool = false) throws -> ChildProcess {
        lives += 1
        let flags = ["--config", configuration, "--json"] + (afterRestore ? ["--after-restore"] : [])
        let child = try ChildProcess("daemon", options.program, ["serve"] + flags, in: folder, life: lives)
        daemon = child
        return child
    }

    /// Waits until the daemon answers and lets the counterparties' notices come to it; `nil` when it ended instead.
    package func daemonAnswers(_ child: ChildProcess) async throws -> RunnerAPI? {
        guard let line = try await child.firstLine(within: .seconds(60)) else { return nil }
        let document = try JSONValue.parse(line)
        if document["error"] != nil { return nil }
        guard let address = document["data"]?["address"]?.stringValue else {
            throw TheatreFailure("the daemon says \(line)")
        }
        api = RunnerAPI(address: address, http: http)
        try await redirect(to: address)
        return api
    }

    /// Starts a life of the daemon, and waits until it answers.
    package func startDaemon(afterRestore: Bool = false) async throws {
        let child = try launchDaemon(afterRestore: afterRestore)
        guard try await daemonAnswers(child) != nil else {
            throw TheatreFailure("the daemon does not start: \(try child.said())")
        }
    }

    /// Sends notices to an address.
    package func redirect(to address: String) async throws { try await redirect(to: [address]) }

    /// Sends notices to each of some addresses in turn.
    package func redirect(to addresses: [String]) async throws {
        let targets = addresses.map { "\"\($0)/webhooks\"" }.joined(separator: ",")
        let body = Array(#"{"addresses":[\#(targets)]}"#.utf8)
        let answer = try await http.execute(
            HTTPRequest(method: .put, url: sandboxAddress + "/admin/callback", body: body))
        guard answer.status == 200 else { throw RunnerAPI.unexpected("redirecting callbacks", answer) }
    }

    /// Stops the daemon by SIGTERM and answers with its exit status.
    package func drainDaemon() async throws -> Int32 {
        guard let daemon else { return 0 }
        daemon.signal(SIGTERM)
        return try await daemon.end(within: .seconds(60))
    }

    package func killDaemon() async throws {
        guard let daemon else { return }
        daemon.signal(SIGKILL)
        _ = try await daemon.end(within: .seconds(20))
    }

    /// Waits for a settlement to end by itself.
    package func awaitEnd(of offering: MadeUpOffering, within limit: Duration) async throws {
        let deadline = ContinuousClock.now + limit
        var stuckSince: ContinuousClock.Instant?
        while true {
            let seen = try await api.saga(offering.id)
            if seen.status == "completed" { return }
            if ["cancelled", "closed", "stuck"].contains(seen.status) {
                throw TheatreFailure("\(offering.id) is \(seen.status): \(seen.text)")
            }
            stuckSince = seen.stuck > 0 ? stuckSince ?? .now : nil
            if let stuckSince, ContinuousClock.now - stuckSince > .seconds(10) {
                throw TheatreFailure("\(offering.id) has \(seen.stuck) stuck: \(seen.text.prefix(2_000))")
            }
            guard ContinuousClock.now < deadline else {
                throw TheatreFailure("\(offering.id) is still \(seen.status) after \(limit)")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Tells the counterparties something through their own routes.
    package func order(_ method: HTTPMethod, _ path: String, _ body: String = "") async throws {
        let answer = try await http.execute(
            HTTPRequest(method: method, url: sandboxAddress + "/admin/" + path, body: Array(body.utf8)))
        guard answer.status == 200 else { throw RunnerAPI.unexpected("ordering \(path)", answer) }
    }

    /// Puts a copy of the database in its place, after the daemon has ended.
    package func putBack(_ copy: String) throws {
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: database + suffix) {
            try FileManager.default.removeItem(atPath: database + suffix)
        }
        try FileManager.default.copyItem(atPath: copy, toPath: database)
    }

    /// How often each fault has struck.
    package func faultCounts() async throws -> [String: Int] {
        let answer = try await http.execute(HTTPRequest(method: .get, url: sandboxAddress + "/admin/faults"))
        var counts: [String: Int] = [:]
        for cell in try JSONValue.parse(answer.body)["faults"]?.arrayValue ?? [] {
            let kind = cell["kind"]?.stringValue ?? "?"
            counts[kind, default: 0] += Int(cell["count"]?.integerValue ?? 0)
        }
        return counts
    }

    /// Ends all that is left, and removes the folder unless something is to be looked at.
    package func strike(keeping: Bool) async throws {
        await http.shutdown()
        for child in [daemon, sandbox].compactMap({ $0 }) where child.isRunning {
            child.signal(SIGCONT)
            child.signal(SIGKILL)
            _ = try await child.end(within: .seconds(10))
        }
        if keeping {
            Console.say("kept for a look: \(folder)")
        } else {
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    package func stopSandbox() async throws {
        guard let sandbox else { return }
        sandbox.signal(SIGTERM)
        let status = try await sandbox.end(within: .seconds(30))
        guard status == 0 else { throw TheatreFailure("the sandbox ended with \(status): \(try sandbox.said())") }
    }

    package func write(_ name: String, _ text: String) throws {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        guard chmod(path, 0o600) == 0 else { throw TheatreFailure("the mode of \(path) cannot be set") }
    }

    /// The configuration of campaigns: every pause is so short that faults are met, and mended, by the hundred.
    @Sendable package static func impatient(_ sandbox: String, _ database: String, _ options: Options) -> String {
        let reserve = options.minimumFreeMebibytes
        return impatient(
            sandbox, store: #"{"path": "\#(database)", "anchor": "anchor", "minimum_free_mib": \#(reserve)}"#,
            runner: "runner", outbox: "outbox.ndjson")
    }

    /// The same for a daemon with a name and a store, given as the JSON of that section.
    package static func impatient(_ sandbox: String, store: String, runner: String, outbox: String) -> String {
        let party = """
            "base_url": "\(sandbox)", "terms": {"quiet_time": "1s", "settlement": "notice_or_find"},
                "retry_policy": "chaos", "notice_policy": "chaos"
            """
        let webhook = #""webhook": {"secrets": [{"file": "secret", "key_id": "k1"}]}"#
        return """
            {
              "store": \(store),
              "api": {"port": 0, "token_file": "tokens"},
              "runner": {"name": "\(runner)", "drain": "10s", "lease": "2s", "lease_margin": "500ms"},
              "retry_policies": {"chaos": {"initial": "20ms", "cap": "500ms", "attempts": 10000}},
              "notice_policies": {"chaos": {"patience": "500ms", "initial": "200ms", "cap": "1s"}},
              "policies": {"steps": "chaos"},
              "counterparties": {
                "custodian": {\(party), "limits": {"breaker_pause": "200ms"}, \(webhook)},
                "blockchain": {\(party), "limits": {"lane": 1000, "breaker_pause": "200ms"}},
                "bank": {\(party), "limits": {"breaker_pause": "200ms"}, \(webhook)}
              },
              "single_handed": true,
              "log": {"level": "warning", "format": "json"},
              "outbox": {"file": "\(outbox)"}
            }
            """
    }
}
