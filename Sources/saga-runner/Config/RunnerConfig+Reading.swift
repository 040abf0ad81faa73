internal import Adapters
internal import Foundation
internal import SagaEngine
internal import SettlementFlows

extension RunnerConfig {
    /// The largest configuration file, in bytes.
    static let largestFile = 1 << 20

    /// Reads and checks a configuration file with all it refers to.
    ///
    /// - Throws: ``ConfigFault`` with every mistake there is.
    static func read(
        _ file: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws(ConfigFault) -> RunnerConfig {
        let bytes: [UInt8]
        do {
            bytes = try await FileReader(path: file).all(limit: largestFile)
        } catch {
            let mistake = ConfigMistake(path: "the file", wrong: "\(error)", remedy: "name a file that can be read")
            throw ConfigFault(file: file, mistakes: [mistake])
        }
        let value: JSONValue
        do {
            value = try CommentedJSON.parse(bytes)
        } catch {
            throw ConfigFault(file: file, mistakes: [error])
        }
        let reader = ConfigReader(value, file: file, environment: environment)
        let config = await reader.read()
        guard reader.mistakes.all.isEmpty else { throw ConfigFault(file: file, mistakes: reader.mistakes.all) }
        return config
    }
}

/// Reads the sections of a configuration one by one, and then looks at what they say together.
final class ConfigReader {
    let mistakes = ConfigMistakes()
    private let root: ConfigSection
    private let file: String
    private let secrets: ConfigSecrets

    init(_ value: JSONValue, file: String, environment: [String: String]) {
        self.file = file
        secrets = ConfigSecrets(file: file, environment: environment)
        root = ConfigSection(value, path: "", mistakes: mistakes)
    }

    func read() async -> RunnerConfig {
        let retries = retryPolicies()
        let notices = noticePolicies()
        let steps = policy("steps", in: root.section("policies"), retries, standard: .standard, closes: true)
        let config = RunnerConfig(
            file: file, store: store(), api: await api(), runner: runner(),
            counterparties: await counterparties(retries, notices), steps: steps, moneyInFlight: moneyInFlight(),
            patience: patience(), singleHanded: root.flag("single_handed", default: false), log: log(),
            outbox: outbox(), clientToken: await clientToken())
        root.close()
        checkTogether(config)
        return config
    }

    private func resolve(_ path: String) -> String { ConfigPath.resolve(path, beside: file) }

    // MARK: Sections

    private func store() -> RunnerConfig.Store {
        let section = root.section("store")
        defer { section.close() }
        let path = section.text("path")
        let anchor = section.value("anchor") == nil ? nil : resolve(section.text("anchor"))
        return RunnerConfig.Store(
            path: resolve(path), anchor: anchor,
            minimumFreeBytes: Int64(section.integer("minimum_free_mib", in: 0...1_048_576, default: 16)) << 20,
            writerCacheKibibytes: section.integer("writer_cache_mib", in: 1...65_536, default: 64) << 10,
            readerCacheKibibytes: section.integer("reader_cache_mib", in: 1...65_536, default: 16) << 10)
    }

    private func api() async -> RunnerConfig.API {
        let section = root.section("api")
        defer { section.close() }
        let host = section.text("host", default: "127.0.0.1")
        let port = section.integer("port", in: 0...65_535, default: 8_080)
        return RunnerConfig.API(
            host: host == "localhost" ? "127.0.0.1" : host, port: UInt16(port), tls: await tls(section),
            tokens: await tokens(section), connections: section.integer("connections", in: 8...65_536, default: 1_024),
            uploadLimit: section.integer("upload_limit_mib", in: 1...65_536, default: 1_024) << 20)
    }

    private func tls(_ section: ConfigSection) async -> HTTPServerTLS? {
        guard let section = section.optionalSection("tls") else { return nil }
        defer { section.close() }
        let certificate = await text(ofFile: section.text("certificate"), at: section.path("certificate"))
        let key = await secret("key", in: section)
        guard let certificate, let key else { return nil }
        return HTTPServerTLS(certificatePEM: certificate, keyPEM: key)
    }

    private func tokens(_ section: ConfigSection) async -> TokenBook {
        let named = section.text("token_file")
        guard !named.isEmpty, let text = await text(ofFile: named, at: section.path("token_file")) else {
            return TokenBook()
        }
        let (book, faults) = TokenBook.read(text)
        for fault in faults { section.mistake("token_file", "\(resolve(named)), \(fault)", TokenBook.form) }
        return book
    }

    private func runner() -> RunnerConfig.RunnerSettings {
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

    private func patience() -> SettlementPatience {
        let section = root.section("patience")
        defer { section.close() }
        let range = Span.seconds(1)...Span.hours(24 * 365)
        let standard = SettlementPatience.standard
        return SettlementPatience(
            settlement: section.span("settlement", in: range, default: standard.settlement),
            bank: section.span("bank", in: range, default: standard.bank),
            approval: section.span("approval", in: range, default: standard.approval))
    }

    private func log() -> RunnerConfig.Log {
        let section = root.section("log")
        defer { section.close() }
        return RunnerConfig.Log(
            level: section.choice("level", default: .info), format: section.choice("format", default: .auto))
    }

    private func outbox() -> String? {
        guard let section = root.optionalSection("outbox") else { return nil }
        defer { section.close() }
        return resolve(section.text("file"))
    }

    private func clientToken() async -> String? {
        guard let section = root.optionalSection("client") else { return nil }
        defer { section.close() }
        // The daemon itself does without: whoever runs a command may have the variable, and the daemon not.
        if let variable = section.value("token")?["env"]?.stringValue, secrets.environment[variable] == nil { return nil }
        return await secret("token", in: section)
    }

    // MARK: Policies

    private func retryPolicies() -> [String: RetryPolicy] {
        let section = root.section("retry_policies")
        var policies = ["standard": RetryPolicy.standard]
        for name in section.names {
            let policy = section.section(name)
            policies[name] = retry(policy, attempts: true)
            policy.close()
        }
        return policies
    }

    private func noticePolicies() -> [String: NoticePolicy] {
        let section = root.section("notice_policies")
        var policies = ["standard": NoticePolicy.standard]
        for name in section.names {
            let policy = section.section(name)
            let patience = policy.span("patience", in: .zero...(.hours(24 * 30)), default: .minutes(1))
            policies[name] = NoticePolicy(patience: patience, asking: retry(policy, attempts: false))
            policy.close()
        }
        return policies
    }

    private func retry(_ section: ConfigSection, attempts: Bool) -> RetryPolicy {
        let range = Span.milliseconds(1)...Span.hours(24 * 7)
        let initial = section.span("initial", in: range, default: attempts ? .milliseconds(200) : .minutes(1))
        var cap = section.span("cap", in: range, default: attempts ? .minutes(5) : .hours(1))
        if cap < initial {
            section.mistake("cap", "is shorter than initial", "the pauses grow from initial to cap")
            cap = initial
        }
        let count = attempts ? section.integer("attempts", in: 1...10_000, default: 10) : 1
        return RetryPolicy(initial: initial, cap: cap, attempts: count)
    }

    private func policy<Policy>(
        _ key: String, in section: ConfigSection, _ policies: [String: Policy], standard: Policy, closes: Bool = false
    ) -> Policy {
        defer { if closes { section.close() } }
        let name = section.text(key, default: "standard")
        if let policy = policies[name] { return policy }
        section.mistake(
            key, "names a policy \(name) that there is not", "there are " + policies.keys.sorted().joined(separator: ", "))
        return standard
    }

    // MARK: Counterparties

    private func counterparties(
        _ retries: [String: RetryPolicy], _ notices: [String: NoticePolicy]
    ) async -> [RunnerConfig.Party] {
        let section = root.section("counterparties")
        var parties: [RunnerConfig.Party] = []
        for party in SandboxParty.allCases {
            guard let own = section.optionalSection(party.rawValue) else {
                section.mistake(party.rawValue, "is missing", "a settlement needs custodian, blockchain and bank")
                continue
            }
            parties.append(await counterparty(party, own, retries, notices))
            own.close()
        }
        section.close()
        return parties
    }

    private func counterparty(
        _ party: SandboxParty, _ section: ConfigSection, _ retries: [String: RetryPolicy],
        _ notices: [String: NoticePolicy]
    ) async -> RunnerConfig.Party {
        let name = CounterpartyName(rawValue: party.rawValue)
        let adapter = section.text("adapter", default: "sandbox")
        if adapter != "sandbox" { section.mistake("adapter", "is not known", "write \"sandbox\"") }
        let address = section.text("base_url")
        if !address.isEmpty, RunnerConfig.host(of: address) == nil {
            section.mistake("base_url", "is no address", "write http://HOST:PORT or https://HOST, without a path")
        }
        return RunnerConfig.Party(
            name: name, party: party, address: address, terms: terms(name, section.section("terms")),
            retry: policy("retry_policy", in: section, retries, standard: .standard),
            notices: policy("notice_policy", in: section, notices, standard: .standard),
            limits: limits(section.section("limits")), http: http(section.section("timeouts")),
            webhook: await webhook(party, section))
    }

    private func terms(_ name: CounterpartyName, _ section: ConfigSection) -> CounterpartyTerms {
        defer { section.close() }
        let quiet = section.span("quiet_time", in: .zero...(.hours(24 * 7)), default: .minutes(10))
        let retention: CounterpartyTerms.KeyRetention
        switch section.text("key_retention", default: "forever") {
        case "forever": retention = .forever
        case "none": retention = .none
        case let text:
            if let span = ConfigSpan.span(text) {
                retention = .lasting(span)
            } else {
                section.mistake("key_retention", "is not known", "write \"forever\", \"none\" or a length of time: \"24h\"")
                retention = .none
            }
        }
        let settlement: CounterpartyTerms.SettlementEvidence
        switch section.text("settlement", default: "notice") {
        case "notice": settlement = .notice
        case "notice_or_find": settlement = .noticeOrFind
        default:
            section.mistake("settlement", "is not known", "write \"notice\" or \"notice_or_find\"")
            settlement = .notice
        }
        return CounterpartyTerms(
            name: name, quietTime: quiet, keyRetention: retention, settlement: settlement,
            instructions: Parties.instructions(for: name))
    }

    private func limits(_ section: ConfigSection) -> GateLimits {
        defer { section.close() }
        return GateLimits(
            concurrency: section.integer("concurrency", in: 1...10_000, default: 32),
            lane: section.integer("lane", in: 1...1_000, default: 1),
            rate: section.integer("rate", in: 1...1_000_000, default: 1_000),
            burst: section.integer("burst", in: 1...1_000_000, default: 100),
            breakerFailures: section.integer("breaker_failures", in: 1...10_000, default: 20),
            breakerPause: section.span("breaker_pause", in: .milliseconds(10)...(.hours(1)), default: .seconds(5)),
            waiting: section.integer("waiting", in: 0...1_000_000, default: 10_000))
    }

    private func http(_ section: ConfigSection) -> HTTPClientConfiguration {
        defer { section.close() }
        let range = Span.milliseconds(100)...Span.minutes(10)
        var http = HTTPClientConfiguration()
        http.connectTimeout = section.span("connect", in: range, default: .seconds(5)).duration
        http.firstByteTimeout = section.span("first_byte", in: range, default: .seconds(20)).duration
        http.totalTimeout = section.span("total", in: range, default: .seconds(30)).duration
        return http
    }

    private func webhook(_ party: SandboxParty, _ section: ConfigSection) async -> RunnerConfig.Webhook? {
        guard let section = section.optionalSection("webhook") else {
            if party != .blockchain {
                section.mistake("webhook", "is missing", "this party's notices settle money; say what verifies them")
            }
            return nil
        }
        defer { section.close() }
        let tolerance = section.span("tolerance", in: .seconds(1)...(.hours(1)), default: .minutes(5))
        let bodyLimit = section.integer("body_limit_kib", in: 1...4_096, default: 256) << 10
        guard let list = section.value("secrets")?.arrayValue, (1...StandardWebhooks.secretLimit).contains(list.count)
        else {
            section.mistake(
                "secrets", "is no list of 1 to \(StandardWebhooks.secretLimit) secrets",
                "write [{\"file\": \"PATH\", \"key_id\": \"NAME\"}]")
            return nil
        }
        var read: [WebhookSecret] = []
        for (index, value) in list.enumerated() {
            let path = "\(section.path("secrets"))[\(index)]"
            guard let text = await secrets.read(value, at: path, mistakes) else { continue }
            do {
                read.append(try WebhookSecret(text, keyID: value["key_id"]?.stringValue))
            } catch {
                mistakes.add(path, "is no webhook secret: \(error)", "it is whsec_ and the base64 of 24 to 64 bytes")
            }
        }
        guard !read.isEmpty else { return nil }
        return RunnerConfig.Webhook(
            verifier: StandardWebhooks(secrets: read, tolerance: tolerance.duration), bodyLimit: bodyLimit)
    }

    // MARK: Money

    private func moneyInFlight() -> [String: Int128] {
        let section = root.section("money_in_flight")
        var limits: [String: Int128] = [:]
        for asset in section.names {
            let text = section.text(asset)
            if let limit = Self.minorUnits(text, of: asset), limit > 0 {
                limits[asset] = limit
            } else {
                section.mistake(asset, "is no amount above zero", "write major units as a text: \"1000000.00\"")
            }
        }
        return limits
    }

    private static func minorUnits(_ text: String, of asset: String) -> Int128? {
        do {
            guard let currency = Currency(rawValue: asset) else {
                return Int128(try Units(text: text).count)
            }
            return try Money(currency, text: text).minorUnits
        } catch {
            return nil
        }
    }

    // MARK: Together

    private func checkTogether(_ config: RunnerConfig) {
        if !config.api.isLoopback, config.api.tls == nil {
            mistakes.add(
                "api.host", "\(config.api.host) can be reached from elsewhere, and there is no TLS",
                "listen at 127.0.0.1, or give api.tls")
        }
        let distant = config.counterparties.filter { party in
            !party.address.isEmpty && !(RunnerConfig.host(of: party.address).map(RunnerConfig.isLoopback) ?? true)
        }
        for party in distant {
            if config.singleHanded {
                mistakes.add(
                    "single_handed", "is on, and \(party.name) is not on loopback",
                    "switch it off: with real money, what can move it needs two persons")
            }
            if party.address.hasPrefix("http://") {
                mistakes.add(
                    "counterparties.\(party.name).base_url", "is not encrypted and leaves this machine", "write https://…")
            }
        }
        for (key, path) in [("store.path", config.store.path), ("store.anchor", config.store.anchor), ("outbox.file", config.outbox)] {
            checkFolder(of: path, key)
        }
        if let anchor = config.store.anchor, anchor == config.store.path {
            mistakes.add("store.anchor", "is the store itself", "name a file of its own, best on another disk")
        }
    }

    private func checkFolder(of path: String?, _ key: String) {
        guard let path, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue { return }
        mistakes.add(key, "the folder \(folder) does not exist", "mkdir -p \(folder)")
    }

    private func secret(_ key: String, in section: ConfigSection) async -> String? {
        guard let value = section.value(key) else {
            section.mistake(key, "is missing", "write {\"file\": \"PATH\"} or {\"env\": \"NAME\"}")
            return nil
        }
        return await secrets.read(value, at: section.path(key), mistakes)
    }

    private func text(ofFile named: String, at path: String) async -> String? {
        guard !named.isEmpty else { return nil }
        do {
            let bytes = try await FileReader(path: resolve(named)).all(limit: RunnerConfig.largestFile)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            mistakes.add(path, "\(error)", "name a file that this user can read")
            return nil
        }
    }
}
