internal import SagaEngine

/// The audit chain over everything that all runners have written.
///
/// Each writer's transactions follow one another, so those of one writer that can be seen are a beginning of all of
/// its:
/// a seal covers, for some writers, the turns after those that the seal before had covered. One runner at a time seals;
/// nobody waits for it.
enum PostgresAudit {
    typealias Call = PostgresConnection.Call

    /// The most links one seal covers; what is more is left for the next.
    static let sealLimit = 50_000

    private static let lock = PostgresStatement(
        "seal_lock",
        "SELECT pg_try_advisory_xact_lock(hashtextextended('saga-runner sealer of ' || $1::text, 0))")
    private static let newest = PostgresStatement(
        "seal_newest",
        """
        SELECT (SELECT value FROM meta WHERE key = 'store'), s.number, s.at, s.link
        FROM (VALUES (1)) AS one LEFT JOIN LATERAL (SELECT number, at, link FROM seal ORDER BY number DESC LIMIT 1) s
            ON true
        """)
    /// The last turn of each writer that is not sealed; found at the end of an index, however long the journal is.
    private static let unsealed = PostgresStatement(
        "seal_unsealed",
        """
        SELECT w.number, w.sealed, greatest(j.turn, p.turn) FROM writer w
            LEFT JOIN LATERAL (SELECT turn FROM journal WHERE writer = w.number AND turn > w.sealed
                ORDER BY turn DESC LIMIT 1) j ON true
            LEFT JOIN LATERAL (SELECT turn FROM print WHERE writer = w.number AND turn > w.sealed
                ORDER BY turn DESC LIMIT 1) p ON true
        WHERE j.turn IS NOT NULL OR p.turn IS NOT NULL ORDER BY w.number
        """)
    private static let links = PostgresStatement(
        "seal_links",
        """
        SELECT turn, place, link, at, NULL::text AS print FROM journal WHERE writer = $1::bigint AND turn > $2::bigint
            AND turn <= $3::bigint
        UNION ALL
        SELECT turn, place, NULL, at, print FROM print WHERE writer = $1::bigint AND turn > $2::bigint AND turn <=
            $3::bigint
        ORDER BY 1, 2
        """)
    private static let add = PostgresStatement(
        "seal_add",
        """
        INSERT INTO seal(number, at, writers, after, upto, link)
        VALUES ($1::bigint, $2::bigint, $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea)
        """)
    private static let advance = PostgresStatement(
        "seal_advance",
        """
        UPDATE writer w SET sealed = u.upto FROM unnest($1::bigint[], $2::bigint[]) AS u(number, upto)
        WHERE w.number = u.number
        """)

    /// A writer's turns that a seal covers: those after one, up to another.
    struct Stretch: Equatable {
        let writer: Int64
        let after: Int64
        let upto: Int64
    }

    /// The end of the chain.
    static func head(_ connection: PostgresConnection) throws -> AuditHead {
        guard let row = try connection.run(newest).first else {
            throw StoreError(.corrupt, "the database does not say which store it is")
        }
        guard !row.isNull(1) else {
            return AuditHead(
                store: row.text(0), number: 0, at: Timestamp(milliseconds: 0), link: AuditHead.origin)
        }
        return AuditHead(store: row.text(0), number: row.int64(1), at: row.timestamp(2), link: row.link(3))
    }

    private static let listing = PostgresStatement(
        "seal_listing",
        """
        SELECT (SELECT value FROM meta WHERE key = 'store'), number, at, link FROM seal WHERE number > $1::bigint
        ORDER BY number LIMIT $2::bigint
        """)

    /// Seals after a number, oldest first.
    static func seals(after number: Int64, limit: Int, _ connection: PostgresConnection) throws -> [AuditHead] {
        try connection.run(listing, .bigint(number), .bigint(Int64(max(0, limit)))).rows.map { row in
            AuditHead(store: row.text(0), number: row.int64(1), at: row.timestamp(2), link: row.link(3))
        }
    }

    /// Seals what has been written since the last seal; `nil` when there is nothing, or another runner is at it.
    static func seal(
        _ connection: PostgresConnection, _ configuration: PostgresStoreConfiguration
    ) throws -> AuditHead? {
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        do {
            guard try connection.run(lock, .text(configuration.schema)).first?.int64(0) == 1,
                let head = try next(connection, configuration)
            else {
                try connection.execute("ROLLBACK")
                return nil
            }
            try connection.execute("COMMIT")
            return head
        } catch {
            if connection.isAlive, connection.isInTransaction { try connection.execute("ROLLBACK") }
            throw error
        }
    }

    private static func next(
        _ connection: PostgresConnection, _ configuration: PostgresStoreConfiguration
    ) throws -> AuditHead? {
        let stretches = try connection.run(unsealed).rows.map { row in
            Stretch(writer: row.int64(0), after: row.int64(1), upto: row.int64(2))
        }
        guard !stretches.isEmpty else { return nil }
        let previous = try head(connection)
        let at = try Lifeline.moment(connection, configuration)
        var sealed: [ChainLink] = []
        var covered: [Stretch] = []
        for stretch in stretches where sealed.count < sealLimit {
            sealed += try links(of: stretch, connection, configuration.digest)
            covered.append(stretch)
        }
        let link = previous.link.sealing(sealed, at: at, by: configuration.digest)
        try connection.run(
            add, .bigint(previous.number + 1), .bigint(at.milliseconds), .numbers(covered.map(\.writer)),
            .numbers(covered.map(\.after)), .numbers(covered.map(\.upto)), .bytea(link.bytes))
        try connection.run(advance, .numbers(covered.map(\.writer)), .numbers(covered.map(\.upto)))
        return AuditHead(store: previous.store, number: previous.number + 1, at: at, link: link)
    }

    /// The links that a stretch of turns adds, in their order, as they are stored.
    static func links(
        of stretch: Stretch, _ connection: PostgresConnection, _ digest: any Digest
    ) throws -> [ChainLink] {
        try connection.run(links, .bigint(stretch.writer), .bigint(stretch.after), .bigint(stretch.upto)).rows.map {
            row in
            row.isNull(4) ? row.link(2) : ChainLink(bytes: digest.sha256(printed(row, at: 3, 4)))
        }
    }
}
