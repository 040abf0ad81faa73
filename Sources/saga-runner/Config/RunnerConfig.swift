internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// Everything a daemon is told by its configuration file, checked as a whole.
struct RunnerConfig: Sendable {
    var file: String
    var store: Store
    var api: API
    var runner: RunnerSettings
    var counterparties: [Party]
    var steps: RetryPolicy
    /// Per asset, in its smallest unit.
    var moneyInFlight: [ByteText: Int128]
    var patience: SettlementPatience
    var singleHanded: Bool
    var log: Log
    var outbox: String?
    var clientToken: String?
    var schedules: [ScheduleEntry]
    /// What is allowed and yet hardly meant.
    var warnings: [ConfigMistake] = []

    /// Where sagas are kept.
    struct Store: Sendable {
        var place: StorePlace
        /// The file that remembers the newest seal; `nil` for none.
        var anchor: String?
    }

    /// Where the daemon is spoken to.
    struct API: Sendable {
        var host: String
        var port: UInt16
        var tls: HTTPServerTLS?
        var tokens: TokenBook
        var connections: Int
        var uploadLimit: Int

        /// Whether nobody outside this machine can reach it.
        var isLoopback: Bool { RunnerConfig.isLoopback(host) }
    }

    /// How much the runner takes on.
    struct RunnerSettings: Sendable {
        var name: String
        var limits: Runner.Limits
        var drain: Span
    }

    /// One counterparty.
    struct Party: Sendable {
        var name: CounterpartyName
        var party: SandboxParty
        var address: String
        var terms: CounterpartyTerms
        var retry: RetryPolicy
        var notices: NoticePolicy
        var limits: GateLimits
        var http: HTTPClientConfiguration
        var webhook: Webhook?
    }

    /// How a counterparty's callbacks are verified.
    struct Webhook: Sendable {
        var verifier: StandardWebhooks
        var bodyLimit: Int
    }

    /// A schedule, and whether it is in force.
    struct ScheduleEntry: Sendable {
        var schedule: Schedule
        var isEnabled: Bool
    }

    /// What is logged.
    struct Log: Sendable {
        var level: LogLevel
        var format: Logger.Format
    }

    /// Whether a host is this machine's own loopback.
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || (host.hasPrefix("127.") && host.count <= 15)
    }

    /// The host of `http://HOST[:PORT]`; `nil` when the text has another form or a path.
    static func host(of address: String) -> String? {
        guard let scheme = ["http://", "https://"].first(where: { address.hasPrefix($0) }) else { return nil }
        let rest = address.dropFirst(scheme.count)
        guard !rest.isEmpty, !rest.contains("/"), !rest.contains("@"), !rest.contains(" ") else { return nil }
        if rest.hasPrefix("[") { return rest.firstIndex(of: "]").map { String(rest[...$0]) } }
        return String(rest.prefix { $0 != ":" })
    }
}
