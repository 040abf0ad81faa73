internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// Reads the sections of a configuration one by one, and then looks at what they say together.
final class ConfigReader {
    let mistakes = ConfigMistakes()
    let files = ConfigFiles()
    private(set) var warnings: [ConfigMistake] = []
    let root: ConfigSection
    private let file: String
    let secrets: ConfigSecrets
    /// The flows that schedules may start.
    let schedulable: [FlowForm]

    init(_ value: JSONValue, file: String, environment: [String: String], schedulable: [FlowForm] = []) {
        self.schedulable = schedulable
        self.file = file
        secrets = ConfigSecrets(file: file, environment: environment, files: files)
        root = ConfigSection(value, path: "", mistakes: mistakes)
    }

    func read() async -> RunnerConfig {
        let retries = retryPolicies()
        let notices = noticePolicies()
        let steps = policy("steps", in: root.section("policies"), retries, standard: .standard, closes: true)
        let config = RunnerConfig(
            file: file, store: await store(), api: await api(), runner: runner(),
            counterparties: await counterparties(retries, notices), steps: steps, moneyInFlight: moneyInFlight(),
            patience: patience(), singleHanded: root.flag("single_handed", default: false), log: log(),
            outbox: outbox(), clientToken: await clientToken(), schedules: schedules())
        root.close()
        checkTogether(config)
        var warned = config
        warned.warnings = warnings
        return warned
    }

    func resolve(_ path: String) -> String { ConfigPath.resolve(path, beside: file) }

    // MARK: Sections

    func api() async -> RunnerConfig.API {
        let section = root.section("api")
        defer { section.close() }
        let host = section.text("host", default: "127.0.0.1")
        let port = section.integer("port", in: 0...65_535, default: 8_080)
        return RunnerConfig.API(
            host: host == "localhost" ? "127.0.0.1" : host, port: UInt16(port), tls: await tls(section),
            tokens: await tokens(section), connections: section.integer("connections", in: 8...65_536, default: 1_024),
            uploadLimit: section.integer("upload_limit_mib", in: 1...65_536, default: 1_024) << 20)
    }

    func tls(_ section: ConfigSection) async -> HTTPServerTLS? {
        guard let section = section.optionalSection("tls") else { return nil }
        defer { section.close() }
        let certificate = await text(ofFile: section.text("certificate"), at: section.path("certificate"))
        let key = await secret("key", in: section)
        guard let certificate, let key else { return nil }
        return HTTPServerTLS(certificatePEM: certificate, keyPEM: key)
    }

    func tokens(_ section: ConfigSection) async -> TokenBook {
        let named = section.text("token_file")
        guard !named.isEmpty, let text = await text(ofFile: named, at: section.path("token_file")) else {
            return TokenBook()
        }
        let (book, faults) = TokenBook.read(text)
        if book.isEmpty, faults.isEmpty {
            warnings.append(
                ConfigMistake(
                    path: section.path("token_file"), wrong: "\(resolve(named)) names nobody, so nobody can act",
                    remedy: TokenBook.form))
        }
        for fault in faults { section.mistake("token_file", "\(resolve(named)), \(fault)", TokenBook.form) }
        return book
    }

    func runner() -> RunnerConfig.RunnerSettings {
        let section = root.section("runner")
        defer { section.close() }
        let lease = section.span("lease", in: .seconds(2)...(.minutes(10)), default: .seconds(15))
        var margin = section.span("lease_margin", in: .milliseconds(100)...(.minutes(5)), default: .seconds(5))
        if margin >= lease {
            section.mistake("lease_margin", "is not shorter than the lease", "a third of the lease is a good margin")
            margin = .milliseconds(lease.milliseconds / 3)
        }
        let limits = Runner.Limits(
            inFlight: section.integer("in_flight", in: 1...100_000, default: 256),
            claimBatch: section.integer("claim_batch", in: 1...10_000, default: 256), lease: lease, leaseMargin: margin)
        return RunnerConfig.RunnerSettings(
            name: section.text("name", default: "runner"), limits: limits,
            drain: section.span("drain", in: .seconds(1)...(.minutes(30)), default: .seconds(30)))
    }

    func patience() -> SettlementPatience {
        let section = root.section("patience")
        defer { section.close() }
        let range = Span.seconds(1)...Span.hours(24 * 365)
        let standard = SettlementPatience.standard
        return SettlementPatience(
            settlement: section.span("settlement", in: range, default: standard.settlement),
            bank: section.span("bank", in: range, default: standard.bank),
            approval: section.span("approval", in: range, default: standard.approval))
    }

    func log() -> RunnerConfig.Log {
        let section = root.section("log")
        defer { section.close() }
        return RunnerConfig.Log(
            level: section.choice("level", default: .info), format: section.choice("format", default: .auto))
    }

    func outbox() -> String? {
        guard let section = root.optionalSection("outbox") else { return nil }
        defer { section.close() }
        return resolve(section.text("file"))
    }

    func clientToken() async -> String? {
        guard let section = root.optionalSection("client") else { return nil }
        defer { section.close() }
        // It may name the daemon alone; its token comes from the environment then.
        guard address(in: section) == nil || section.value("token") != nil else { return nil }
        // The daemon itself does without: whoever runs a command may have the variable, and the daemon not.
        if let variable = section.value("token")?["env"]?.stringValue, secrets.environment[variable] == nil {
            return nil
        }
        return await secret("token", in: section)
    }

    /// The daemon that commands are to speak to, if the configuration names one.
    func clientAddress() -> String? {
        root.optionalSection("client").flatMap { address(in: $0) }
    }

    private func address(in section: ConfigSection) -> String? {
        guard section.value("address") != nil else { return nil }
        let address = section.text("address")
        guard let host = RunnerConfig.host(of: address) else {
            section.mistake("address", "is no address of a daemon", "write http://HOST:PORT or https://HOST:PORT")
            return nil
        }
        if address.hasPrefix("http://"), !RunnerConfig.isLoopback(host) {
            section.mistake("address", "would send the token over the network in clear", "write https://…")
        }
        return address
    }

    func secret(_ key: String, in section: ConfigSection) async -> String? {
        guard let value = section.value(key) else {
            section.mistake(key, "is missing", "write {\"file\": \"PATH\"} or {\"env\": \"NAME\"}")
            return nil
        }
        return await secrets.read(value, at: section.path(key), mistakes)
    }

    func text(ofFile named: String, at path: String) async -> String? {
        guard !named.isEmpty else { return nil }
        files.reads(resolve(named), path)
        if let kind = ConfigFiles.otherKind(at: resolve(named)) {
            mistakes.add(path, "\(resolve(named)) is \(kind)", "name a regular file")
            return nil
        }
        do {
            let bytes = try await FileReader(path: resolve(named)).all(limit: RunnerConfig.largestFile)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            mistakes.add(path, "\(error)", "name a file that this user can read")
            return nil
        }
    }
}
