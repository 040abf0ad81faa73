internal import SagaEngine

/// The tables of the store, as the steps that lead to them; the table `schema_step` says which have been taken.
enum PostgresSchema {
    /// All steps, in order.
    static let migrations: [PostgresMigration] = [
        PostgresMigration(
            number: 1, reason: "the tables that sagas, notices, leases, prints, seals and books live in",
            script: tables),
        PostgresMigration(
            number: 2, reason: "history cannot be edited or deleted, not even by our own code", script: guards),
        PostgresMigration(number: 3, reason: "a journal that people can read with psql", script: views),
        PostgresMigration(
            number: 4, reason: "the offering book beside the sagas that settle its offerings, found by shared accounts",
            script: OfferingBookSchema.statements(in: .postgreSQL) + OfferingBookSchema.escrowIndex),
        PostgresMigration(
            number: 5, reason: "answers, evidence and notes of the daemon beside the sagas",
            script: ServiceTables.statements(in: .postgreSQL)),
        PostgresMigration(
            number: 6,
            reason: "loads have an owner and a sign of life, offerings a turn, and services of the daemon a lease",
            script: OfferingBookSchema.sharing(in: .postgreSQL) + ServiceTables.leases(in: .postgreSQL)),
        PostgresMigration(
            number: 7,
            reason: "how much is at stake of each asset, kept by each writer, so that nobody has to look at all sagas",
            script: stakes),
        PostgresMigration(
            number: 8, reason: "rates, breakers and room for money in flight that all runners share",
            script: GateTables.statements(in: .postgreSQL)),
        PostgresMigration(
            number: 9, reason: "how far each schedule was decided, and what it fires",
            script: ScheduleTables.statements(in: .postgreSQL)),
        PostgresMigration(
            number: 10, reason: "changes of sagas in hands, and notices that are taken, touch no index",
            script: calmIndexes),
        PostgresMigration(
            number: 11,
            reason: "a lease that is over is dealt with once, and what a lease holds is found by what it claimed last",
            script: claiming),
        PostgresMigration(
            number: 12, reason: "a census of all sagas does not read those that have completed", script: otherwiseEnded),
    ]

    /// The version that this program writes.
    static var current: Int { migrations.count }

    /// How long a step waits for a lock on a table before it gives up, so that it never holds up a running system.
    static let lockTimeoutSeconds = 5

    private static let findVersion = PostgresStatement(
        "schema_version", "SELECT coalesce(max(number), 0)::bigint FROM schema_step")
    private static let findTable = PostgresStatement(
        "schema_table", "SELECT to_regclass(quote_ident($1::text) || '.schema_step') IS NOT NULL")

    /// The version of the schema with a name; 0 when there is none.
    static func version(of connection: PostgresConnection, in schema: String) throws(PostgresError) -> Int {
        let exists = try connection.run(findTable, .text(schema)).first?.int64(0) ?? 0
        guard exists != 0 else { return 0 }
        return Int(try connection.run(findVersion).first?.int64(0) ?? 0)
    }

    /// Takes the steps that are missing and answers which.
    ///
    /// Several runners may start at once: one takes the steps, the others wait for it and find them taken.
    static func migrate(_ connection: PostgresConnection, in schema: String) throws -> [PostgresMigration] {
        let version = try version(of: connection, in: schema)
        try refuseNewer(version)
        guard version < current else { return [] }
        var taken: [PostgresMigration] = []
        try connection.execute("BEGIN")
        do {
            // The schema's own lock; whoever waits here holds nothing yet.
            try connection.execute(
                """
                SELECT pg_advisory_xact_lock(hashtextextended('saga-runner migration of ' || \(quoted(schema)), 0));
                SET LOCAL lock_timeout = '\(lockTimeoutSeconds)s';
                CREATE SCHEMA IF NOT EXISTS \(identifier(schema));
                CREATE TABLE IF NOT EXISTS schema_step(number bigint PRIMARY KEY, reason text NOT NULL,
                    taken timestamptz NOT NULL DEFAULT now());
                """)
            let known = Int(try connection.run(findVersion).first?.int64(0) ?? 0)
            try refuseNewer(known)
            for step in migrations where step.number > known {
                try connection.execute(step.script)
                try connection.execute("INSERT INTO schema_step VALUES (\(step.number), \(quoted(step.reason)))")
                taken.append(step)
            }
            try connection.execute("COMMIT")
        } catch {
            if connection.isAlive { try connection.execute("ROLLBACK") }
            throw error
        }
        return taken
    }

    /// Refuses a database that a newer program has written.
    static func refuseNewer(_ version: Int) throws(StoreError) {
        guard version > current else { return }
        throw StoreError(
            .misuse,
            "the database has schema \(version) and this program knows schemas up to \(current): run the newer program")
    }

    /// Refuses a database that this program cannot read as it is.
    static func refuseOther(_ version: Int) throws(StoreError) {
        try refuseNewer(version)
        guard version < current else { return }
        throw StoreError(
            .misuse, "the database has schema \(version) and this program reads schema \(current): run `migrate` first")
    }

    /// A name as SQL's identifier.
    static func identifier(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// A text as SQL's literal.
    static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }
}
