internal import Adapters
internal import SagaEngine
internal import SettlementFlows

extension ConfigReader {
    func counterparties(
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

    func counterparty(
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

    func terms(_ name: CounterpartyName, _ section: ConfigSection) -> CounterpartyTerms {
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
                section.mistake(
                    "key_retention", "is not known", "write \"forever\", \"none\" or a length of time: \"24h\"")
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

    func limits(_ section: ConfigSection) -> GateLimits {
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

    func http(_ section: ConfigSection) -> HTTPClientConfiguration {
        defer { section.close() }
        let range = Span.milliseconds(100)...Span.minutes(10)
        var http = HTTPClientConfiguration()
        http.connectTimeout = section.span("connect", in: range, default: .seconds(5)).duration
        http.firstByteTimeout = section.span("first_byte", in: range, default: .seconds(20)).duration
        http.totalTimeout = section.span("total", in: range, default: .seconds(30)).duration
        return http
    }

    func webhook(_ party: SandboxParty, _ section: ConfigSection) async -> RunnerConfig.Webhook? {
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
                let secret = try WebhookSecret(text, keyID: value["key_id"]?.stringValue)
                if let keyID = secret.keyID, read.contains(where: { $0.keyID == keyID }) {
                    mistakes.add("\(path).key_id", "\(keyID) is the key id of another secret", "give each its own")
                }
                read.append(secret)
            } catch {
                mistakes.add(path, "is no webhook secret: \(error)", "it is whsec_ and the base64 of 24 to 64 bytes")
            }
        }
        guard !read.isEmpty else { return nil }
        return RunnerConfig.Webhook(
            verifier: StandardWebhooks(secrets: read, tolerance: tolerance.duration), bodyLimit: bodyLimit)
    }
}
