internal import SagaEngine

/// Whether a connection leads to the history that this process has seen: to the same database, not set back.
///
/// A promoted standby or a recovered backup has another timeline than the one that the database was last used under.
/// What was confirmed on the old one may be missing there, so a new life of the data begins by itself: from then on
/// every first send asks its counterparty first. What keeps its timeline and is older all the same (a copied data
/// directory) is told by the seals: this process, and the anchor beside it, remember the newest.
enum Lifeline {
    private static let newest = PostgresStatement(
        "life_newest", "SELECT number, since, system, timeline FROM incarnation ORDER BY number DESC LIMIT 1")
    /// Every lease of the life before is over with it: what is held under one by the copy is in nobody's memory. Epochs
    /// go on from the time in microseconds, so that none is granted a second time however far a sequence was set back.
    private static let begin = PostgresStatement(
        "life_begin",
        """
        WITH begun AS (
            INSERT INTO incarnation(number, since, reason, system, timeline, base)
            SELECT $1::bigint, $2::bigint, $3::text, $4::text, $5::text,
                CASE WHEN i.system IS NULL OR i.system = $4::text THEN coalesce(i.base, 0)
                    ELSE greatest(i.base, (SELECT coalesce(max(number), 0) >> 20 FROM book_log) + 1) END
            FROM (VALUES (1)) AS one
                LEFT JOIN LATERAL (SELECT system, base FROM incarnation ORDER BY number DESC LIMIT 1) i ON true
            ON CONFLICT (number) DO NOTHING RETURNING number),
        ended AS (
            UPDATE lease SET dead = true, expires = 0, runner = runner || ' until ' || epoch
            WHERE NOT dead AND EXISTS (SELECT FROM begun))
        SELECT setval('epoch_number', greatest((SELECT last_value FROM epoch_number),
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)) FROM begun WHERE number > 0
        """)

    private static let findBase = PostgresStatement("life_base", "SELECT max(base) FROM incarnation")

    /// What is added to the numbers of transactions where they number lines of the books.
    static func base(_ connection: PostgresConnection) throws -> Int64 {
        try connection.run(findBase).first?.int64(0) ?? 0
    }

    /// Which life of the data this is.
    static func incarnation(_ connection: PostgresConnection) throws -> Incarnation {
        guard let life = try newestLife(connection) else {
            throw StoreError(.corrupt, "the database does not say which life of the data it is")
        }
        return life
    }

    /// The same; `nil` in a database that nobody has worked on.
    static func newestLife(_ connection: PostgresConnection) throws -> Incarnation? {
        try connection.run(newest).first.map { Incarnation(number: Int($0.int64(0)), since: $0.timestamp(1)) }
    }

    /// Begins the first life of a new database, and the next one of a database whose history has changed.
    static func check(_ session: PostgresSession, _ configuration: PostgresStoreConfiguration) throws {
        let now = try moment(session.connection, configuration)
        guard let row = try session.connection.run(newest).first else {
            try start(0, at: now, "created", on: session)
            return
        }
        let known = PostgresSession.Lineage(system: row.text(2), timeline: row.text(3))
        guard known != session.lineage else { return }
        let reason =
            known.system == session.lineage.system
            ? "the server goes on with timeline \(session.lineage.timeline) after \(known.timeline): a standby was promoted, "
                + "or a backup recovered"
            : "the data are on another system than before: they were moved or restored"
        try start(row.int64(0) + 1, at: now, reason, on: session)
    }

    /// Begins the next life because a person says so.
    static func reincarnate(_ session: PostgresSession, at now: Timestamp, reason: String) throws {
        let next = Int64(try incarnation(session.connection).number) + 1
        try start(next, at: now, reason, on: session)
    }

    /// The database's time, or the one that is given.
    static func moment(
        _ connection: PostgresConnection, _ configuration: PostgresStoreConfiguration
    ) throws -> Timestamp {
        switch configuration.time {
        case .given(let clock): return clock.now()
        case .database:
            let statement = PostgresStatement("life_moment", "SELECT \(PostgresTime.now)")
            return try connection.run(statement).first?.timestamp(0) ?? Timestamp(milliseconds: 0)
        }
    }

    /// Several runners may find out at once: the number lets one of them begin the life.
    private static func start(
        _ number: Int64, at now: Timestamp, _ reason: String, on session: PostgresSession
    ) throws {
        try session.connection.run(
            begin, .bigint(number), .bigint(now.milliseconds), .text(reason), .text(session.lineage.system),
            .text(session.lineage.timeline))
    }
}
