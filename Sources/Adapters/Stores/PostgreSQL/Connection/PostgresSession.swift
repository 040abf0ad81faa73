internal import SagaEngine

/// A writing connection with what it knows: its own number in the database, and the numbers of names and flows.
final class PostgresSession {
    /// Which history of which database a connection is to: both change when a standby is promoted or a backup
    /// recovered.
    struct Lineage: Equatable, Sendable {
        let system: String
        let timeline: String
    }

    let connection: PostgresConnection
    var lineage: Lineage
    /// The number under which this connection's transactions stand in the audit chain.
    let writer: Int64
    /// When the server's process of it began, in microseconds since 1970: its number may be given to another one.
    let began: Int64
    /// The key of the advisory lock by which notices without an expectation and new expectations keep out of each
    /// other's way.
    let inboxLock: Int64
    /// What is added to the numbers of transactions where they number lines of the books.
    var bookBase: Int64 = 0
    private(set) var names: [ByteText: Int64] = [:]
    private(set) var flows: [FlowID: Int64] = [:]
    /// Numbers that this connection has taken and not given to anybody.
    var spareSagaNumbers: [SagaNumber] = []
    var spareEpochs: [Int64] = []
    private var lastTurn: Int64 = 0

    /// Connects and takes a number. The schema must be there.
    init(_ configuration: PostgresStoreConfiguration) throws {
        connection = try Self.connect(configuration)
        lineage = try Self.lineage(of: connection)
        try PostgresSchema.refuseOther(try PostgresSchema.version(of: connection, in: configuration.schema))
        let opened = try connection.run(Self.open, .text(configuration.schema))
        guard let row = opened.first else { throw StoreError(.corrupt, "the database gives a writer no number") }
        writer = row.int64(0)
        inboxLock = row.int64(1)
        began = row.int64(2)
    }

    /// Connects to a server that takes writes and keeps what it has confirmed.
    static func connect(
        _ configuration: PostgresStoreConfiguration, readOnly: Bool = false
    ) throws -> PostgresConnection {
        let connection = try PostgresConnection(url: configuration.url, application: configuration.application)
        try connection.execute(settings(for: configuration, readOnly: readOnly))
        guard let row = try connection.run(standing).first else {
            throw StoreError(.corrupt, "the server does not say how it is set")
        }
        if row.int64(0) != 0 || (!readOnly && row.text(1) == "on") {
            throw StoreError(
                .unavailable,
                "the server takes no writes (a standby, or read-only): name the primary, or all hosts in the URL with "
                    + "target_session_attrs=read-write")
        }
        if row.text(2) != "on" || row.text(3) != "on" {
            throw StoreError(
                .misuse,
                "the server would lose what it has confirmed (fsync=\(row.text(2)), full_page_writes=\(row.text(3))): "
                    + "set both to on")
        }
        guard row.int64(4) >= 130_000 else {
            throw StoreError(.misuse, "the server is older than PostgreSQL 13: it is not supported")
        }
        return connection
    }

    /// Plans are made once and for indexes alone: made on empty tables, the planner's own would read whole tables
    /// later. What would gather all rows of a range first, to sort them or to keep them for a join, is off, too: a page
    /// is read off its index.
    ///
    /// A transaction that is left open for seconds is that of a process which was paused or cut off, and others wait
    /// for its locks; one whose client is gone is noticed while it waits for a lock.
    private static func settings(for configuration: PostgresStoreConfiguration, readOnly: Bool) -> String {
        """
        SET client_min_messages = warning;
        SET search_path = \(PostgresSchema.identifier(configuration.schema));
        SET synchronous_commit = \(configuration.confirmation.rawValue);
        SET default_transaction_isolation = 'read committed';
        SET lock_timeout = '10s';
        SET statement_timeout = '60s';
        SET idle_in_transaction_session_timeout = '\(readOnly ? 30 : 5)s';
        SET jit = off;
        SET plan_cache_mode = force_generic_plan;
        SET enable_seqscan = off;
        SET enable_hashjoin = off;
        SET enable_mergejoin = off;
        SET enable_bitmapscan = off;
        SET enable_material = off;
        SELECT set_config('client_connection_check_interval', '1s', false)
            WHERE current_setting('server_version_num')::integer >= 140000 AND version() LIKE '%linux%';
        """
    }

    private static let standing = PostgresStatement(
        "session_standing",
        """
        SELECT pg_is_in_recovery(), current_setting('transaction_read_only'), current_setting('fsync'),
            current_setting('full_page_writes'), current_setting('server_version_num')::bigint
        """)
    private static let findLineage = PostgresStatement(
        "session_lineage",
        "SELECT system_identifier::text, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) FROM pg_control_system()")
    private static let open = PostgresStatement(
        "session_open",
        """
        INSERT INTO writer(number, opened) VALUES (nextval('writer_number'), \(PostgresTime.now))
        RETURNING number, hashtextextended('saga-runner inbox of ' || $1::text, 0),
            (SELECT \(backendStart) FROM pg_stat_activity WHERE pid = pg_backend_pid())
        """)
    /// When a process of the server began, in its view of them.
    static let backendStart = "(extract(epoch FROM backend_start) * 1000000)::bigint"

    static func lineage(of connection: PostgresConnection) throws -> Lineage {
        guard let row = try connection.run(findLineage).first else {
            throw StoreError(.corrupt, "the server does not say which system it is")
        }
        return Lineage(system: row.text(0), timeline: row.text(1))
    }

    /// The number of the transaction that comes next on this connection.
    func nextTurn() -> Int64 {
        lastTurn += 1
        return lastTurn
    }

    // MARK: - Names

    private static let addNames = PostgresStatement(
        "names_add", "INSERT INTO name(text) SELECT unnest($1::text[]) ON CONFLICT (text) DO NOTHING")
    private static let findNames = PostgresStatement(
        "names_find", "SELECT text, number FROM name WHERE text = ANY($1::text[])")
    private static let addFlows = PostgresStatement(
        "flows_add",
        """
        INSERT INTO flow(name, version) SELECT * FROM unnest($1::text[], $2::bigint[])
        ON CONFLICT (name, version) DO NOTHING
        """)
    private static let findFlows = PostgresStatement(
        "flows_find",
        """
        SELECT f.name, f.version, f.number FROM flow f
            JOIN unnest($1::text[], $2::bigint[]) AS u(name, version) ON f.name = u.name AND f.version = u.version
        """)
    /// The most names a database may hold: they come from flows and configuration, not from data.
    static let nameLimit = 100_000

    /// Gives numbers to names that have none.
    func intern(_ wanted: Set<ByteText>) throws {
        let missing = wanted.filter { names[$0] == nil }.sorted()
        guard !missing.isEmpty else { return }
        let found = try connection.run(Self.findNames, .texts(missing.map(\.rawValue)))
        for row in found.rows { names[ByteText(row.text(0))] = row.int64(1) }
        let new = missing.filter { names[$0] == nil }
        guard !new.isEmpty else { return }
        guard names.count + new.count <= Self.nameLimit else {
            throw StoreError(.misuse, "more than \(Self.nameLimit) names of stages, sources and spaces")
        }
        try connection.run(Self.addNames, .texts(new.map(\.rawValue)))
        for row in try connection.run(Self.findNames, .texts(new.map(\.rawValue))).rows {
            names[ByteText(row.text(0))] = row.int64(1)
        }
    }

    /// Gives numbers to flows that have none.
    func intern(_ wanted: Set<FlowID>) throws {
        let missing = wanted.filter { flows[$0] == nil }.sorted { ($0.name, $0.version) < ($1.name, $1.version) }
        guard !missing.isEmpty else { return }
        try find(missing)
        let new = missing.filter { flows[$0] == nil }
        guard !new.isEmpty else { return }
        try connection.run(Self.addFlows, .texts(new.map(\.name)), .numbers(new.map { Int64($0.version) }))
        try find(new)
    }

    /// The numbers of flows; those that no saga was ever started under have none.
    func numbers(of wanted: [FlowID]) throws -> [Int64] {
        let missing = wanted.filter { flows[$0] == nil }
        if !missing.isEmpty { try find(missing) }
        return wanted.compactMap { flows[$0] }.sorted()
    }

    private func find(_ wanted: [FlowID]) throws {
        let found = try connection.run(
            Self.findFlows, .texts(wanted.map(\.name)), .numbers(wanted.map { Int64($0.version) }))
        for row in found.rows { flows[FlowID(name: row.text(0), version: Int(row.int64(1)))] = row.int64(2) }
    }

    /// Notes a name that a row has brought along.
    func remember(name: String, _ number: Int64) { names[ByteText(name)] = number }

    /// Forgets names that a transaction which was rolled back may have made.
    func forget() {
        names = [:]
        flows = [:]
    }
}
