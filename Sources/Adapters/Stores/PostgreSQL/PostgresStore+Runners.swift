public import SagaEngine

/// The list of processes in the database.
enum Runners {
    private static let add = PostgresStatement(
        "runner_add",
        """
        INSERT INTO runner(writer, name, address, version, host, started, seen)
        VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::text, \(PostgresTime.now), \(PostgresTime.now))
        """)
    /// Who has not been seen for a day is gone.
    private static let tidy = PostgresStatement(
        "runner_tidy",
        "DELETE FROM runner WHERE seen < \(PostgresTime.now) - 86400000 OR (name = $1::text AND host = $2::text)")
    private static let touch = PostgresStatement(
        "runner_touch", "UPDATE runner SET seen = \(PostgresTime.now) WHERE name = $1::text AND host = $2::text")
    private static let leave = PostgresStatement(
        "runner_leave", "DELETE FROM runner WHERE name = $1::text AND host = $2::text")
    private static let list = PostgresStatement(
        "runner_list",
        """
        SELECT r.name, r.address, r.version, r.host, r.started, r.seen, count(l.epoch), max(l.expires),
            coalesce(sum((SELECT count(*) FROM progress p WHERE p.holder = l.epoch)), 0)::bigint, \(PostgresTime.now)
        FROM runner r LEFT JOIN lease l ON NOT l.dead AND (l.runner = r.name OR starts_with(l.runner, r.name || '+'))
        GROUP BY r.writer ORDER BY r.name, r.host
        """)

    /// Enters the process that has a connection.
    static func register(_ session: PostgresSession, _ configuration: PostgresStoreConfiguration) throws {
        guard let identity = configuration.identity else { return }
        try session.connection.run(tidy, .text(identity.name), .text(identity.host))
        try session.connection.run(
            add, .bigint(session.writer), .text(identity.name), .text(identity.address), .text(identity.version),
            .text(identity.host))
    }

    /// Notes that the process is alive.
    static func touch(_ connection: PostgresConnection, _ identity: RunnerIdentity) throws {
        try connection.run(touch, .text(identity.name), .text(identity.host))
    }

    /// Takes a process off the list that ends as it should.
    static func leave(_ connection: PostgresConnection, _ identity: RunnerIdentity) throws {
        try connection.run(leave, .text(identity.name), .text(identity.host))
    }

    static func all(_ connection: PostgresConnection) throws -> [RunnerSighting] {
        try connection.run(list).rows.map { row in
            RunnerSighting(
                identity: RunnerIdentity(
                    name: row.text(0), address: row.text(1), version: row.text(2), host: row.text(3)),
                started: row.timestamp(4), seen: row.timestamp(5), silent: row.timestamp(9) - row.timestamp(5),
                leases: Int(row.int64(6)), held: Int(row.int64(8)),
                leasedUntil: row.isNull(7) ? nil : row.timestamp(7))
        }
    }
}

extension PostgresStore {
    /// The processes that work on the store, in order of their names.
    public func runners() async throws(StoreError) -> [RunnerSighting] {
        try await read { try Runners.all(try $0.connection()) }
    }

    /// The processes that work on a store that is not open here; none when there is no such store.
    ///
    /// - Throws: ``StoreError`` `unavailable` when the server is away.
    public static func runners(
        of configuration: PostgresStoreConfiguration
    ) async throws(StoreError) -> [RunnerSighting] {
        try await onConnection(configuration) { connection in
            let version = try PostgresSchema.version(of: connection, in: configuration.schema)
            return version == 0 ? [] : try Runners.all(connection)
        }
    }
}
