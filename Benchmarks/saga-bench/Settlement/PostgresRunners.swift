import Adapters
import RunnerTheatre
import SagaEngine

/// Several daemons on one PostgreSQL, in a schema of their own.
final class PostgresRunners: RunnerGroup {
    private static let schema = "saga_bench_settlement"
    private static let tables =
        "FROM pg_stat_user_tables WHERE schemaname = '\(schema)' AND seq_tup_read + coalesce(idx_tup_fetch, 0) > 0"

    private let theatre: Theatre
    private let configuration: PostgresStoreConfiguration
    private let server: RawServer
    /// The process that has started all others of the server; nil where it is on another machine.
    private let postmaster: Int32?
    private let troupe: Troupe

    /// Describes daemons, once the counterparties have been started; a schema that was there is dropped.
    init(_ theatre: Theatre, url: String, count: Int, limits: CounterpartyLimits, inFlight: Int?) async throws {
        self.theatre = theatre
        configuration = PostgresStoreConfiguration(
            url: url, schema: Self.schema, digest: SHA256Digest(), application: "saga-bench")
        server = try RawServer(url: url)
        postmaster = try Self.postmaster(of: server)
        try await PostgresStore.drop(configuration)
        let sandbox = theatre.sandboxAddress
        troupe = try Troupe(
            theatre, schema: Self.schema, urls: Array(repeating: url, count: count),
            configuration: { store, runner, outbox in
                limits.configuration(
                    of: CounterpartyLimits.Daemon(
                        sandbox: sandbox, store: store, name: runner, outbox: outbox, inFlight: inFlight))
            })
    }

    private static func postmaster(of server: RawServer) throws -> Int32? {
        let backend = try server.rows("SELECT pg_backend_pid()").first?.first.flatMap { Int32($0) }
        guard let backend else { throw BenchFailure("the server does not say which process it is") }
        guard try ProcessUsage.name(of: backend) == "postgres" else { return nil }
        return try ProcessUsage(of: backend).parent
    }

    var processes: [ChildProcess] { troupe.members.compactMap(\.process) }

    func start() async throws -> RunnerAPI {
        // One after the other: the first one makes the schema.
        for index in troupe.members.indices { try await troupe.start(index) }
        try await troupe.balanceAmongAll()
        guard let api = troupe.members.first?.api else { throw BenchFailure("no runner answers") }
        return api
    }

    func look(at offering: MadeUpOffering) async throws -> SettlementLook {
        let rows = try sequences()
        let ended = try server.rows(
            """
            SELECT (SELECT count(*) FROM \(Self.schema).progress WHERE stuck), EXISTS (
                SELECT 1 FROM \(Self.schema).saga s JOIN \(Self.schema).finished f ON f.number = s.number
                WHERE s.id = '\(offering.id)')
            """)
        return SettlementLook(
            hasEnded: ended.first?.last == "t", progress: "\(rows), \(ended.first?.first ?? "?") stuck")
    }

    private func sequences() throws -> String {
        let names = [("sagas", "saga_number"), ("notices", "notice_number"), ("claims", "fence_number")]
        let row = try server.rows(
            "SELECT " + names.map { "(SELECT last_value FROM \(Self.schema).\($0.1))" }.joined(separator: ", "))
        return zip(names, row.first ?? []).map { "\($0.0) \($1)" }.joined(separator: ", ")
    }

    func usage() throws -> DatabaseUsage {
        var usage = DatabaseUsage()
        usage.processor = try postmaster.map { try ProcessUsage.processorOfFamily($0) }
        let row =
            try server.rows(
                """
                SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint,
                    (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())
                """
            ).first?.compactMap { Int($0) } ?? []
        guard row.count == 2 else { throw BenchFailure("the server does not say what it has written") }
        (usage.logged, usage.commits) = (row[0], row[1])
        for row in try server.rows("SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) \(Self.tables)") {
            usage.rowsRead[row[0]] = Int(row[1])
        }
        return usage
    }

    func stages() throws -> Int {
        try server.rows(BenchStore.countStages(in: "\(Self.schema).journal")).first?.first.flatMap { Int($0) } ?? 0
    }

    func size() async throws -> Int { try await PostgresStore.size(configuration) }

    func drain() async throws -> [String] {
        let statuses = try await troupe.drain()
        return try zip(troupe.members, statuses).filter { $1 != 0 }
            .map { "SIGTERM ended runner \($0.number) with \($1): \(try $0.process?.said() ?? "")" }
    }

    func strike() async throws {
        try await troupe.strike()
        try await PostgresStore.drop(configuration)
    }
}
