import RunnerTheatre
import SagaEngine

/// Finished and waiting sagas in a PostgreSQL store's schema, made by the server itself.
///
/// A thousand sagas are one family, whose parent waits for its children. Of the children that wait, four of ten wait
/// for a moment far ahead, five for a notice or such a moment, one for a notice alone. Each saga has two journal
/// entries, and each finished one a notice that was taken.
struct PostgresClaimLoad {
    static let family = 1_000
    /// How many are made in one transaction.
    private static let page = 200_000

    private let server: RawServer

    init(url: String, schema: String) throws {
        server = try RawServer(url: url)
        try server.rows("SET search_path = \(schema); SET synchronous_commit = off; SET work_mem = '64MB'")
    }

    /// Makes what is missing.
    func fill(finished: Int, waiting: Int) throws {
        try server.rows("INSERT INTO name(text) VALUES ('line'), ('bench') ON CONFLICT DO NOTHING")
        let had = try counts()
        for first in stride(from: had.finished, to: finished, by: Self.page) {
            try add(min(Self.page, finished - first), statements: Self.finished)
        }
        for first in stride(from: had.waiting, to: waiting, by: Self.page) {
            try add(min(Self.page, waiting - first), statements: Self.waiting)
        }
        if had.finished < finished || had.waiting < waiting { try settle() }
    }

    /// How many finished and waiting sagas there are of those that were made here.
    func counts() throws -> (finished: Int, waiting: Int) {
        let counts = try server.rows(
            "SELECT (SELECT count(*) FROM finished), (SELECT count(*) FROM progress WHERE status = 2 AND sequence > 0)")
        guard let row = counts.first, let finished = Int(row[0]), let waiting = Int(row[1]) else {
            throw BenchFailure("the sagas cannot be counted")
        }
        return (finished, waiting)
    }

    /// Has dead rows taken away, and the server know what it has.
    func settle() throws {
        for table in ["progress", "saga", "finished", "lease"] { try server.rows("VACUUM (ANALYZE) \(table)") }
    }

    /// How many rows of `progress` are live and dead, as the server counts them, and what table and indexes take.
    func standing() throws -> String {
        let rows = try server.rows(
            """
            SELECT n_live_tup, n_dead_tup, pg_size_pretty(pg_table_size(relid)),
                pg_size_pretty(pg_indexes_size(relid))
            FROM pg_stat_user_tables WHERE relid = 'progress'::regclass
            """)
        guard let row = rows.first else { throw BenchFailure("there is no table of sagas") }
        return "progress: \(row[0]) live and \(row[1]) dead rows, table \(row[2]), indexes \(row[3])"
    }

    private func add(_ count: Int, statements: [String]) throws {
        // The numbers are taken at once, so that whoever starts a saga meanwhile gets others.
        let last = try server.rows("SELECT setval('saga_number', nextval('saga_number') + \(count))")
        guard let end = last.first.flatMap({ Int($0[0]) }) else { throw BenchFailure("there are no numbers") }
        let (first, flow) = (end - count + 1, ClaimChurn.flow)
        let range = """
            (SELECT n, CASE WHEN (n - \(first)) % \(Self.family) > 0
                THEN n - (n - \(first)) % \(Self.family) END AS parent,
                least(\(Self.family), \(count) - (n - \(first)) / \(Self.family) * \(Self.family)) - 1 AS children,
                (SELECT number FROM flow WHERE name = '\(flow.name)' AND version = \(flow.version)) AS flow,
                (SELECT number FROM name WHERE text = 'line') AS stage,
                (SELECT number FROM name WHERE text = 'bench') AS source,
                (extract(epoch FROM now()) * 1000)::bigint AS now, sha256(n::text::bytea) AS link
            FROM generate_series(\(first)::bigint, \(end)::bigint) AS n) AS g
            """
        let all = (Self.rows + statements).map { $0.replacing("{range}", with: range) }
        try server.rows("BEGIN; \(all.joined(separator: ";\n")); COMMIT")
    }

    private static let rows = [
        """
        INSERT INTO saga(number, flow, parent, stage, created, element, id, input)
        SELECT n, flow, parent, CASE WHEN parent IS NOT NULL THEN stage END, now,
            CASE WHEN parent IS NOT NULL THEN 'INV-' || n END,
            CASE WHEN parent IS NULL THEN 'SG-LOAD-' || n ELSE 'SG-LOAD-' || parent || '/line/INV-' || n END,
            convert_to('{"amount":"3000000","investor":"INV-' || n || '","units":"300"}', 'UTF8')
        FROM {range}
        """,
        """
        INSERT INTO journal(saga, sequence, writer, turn, place, stage, refusals, kind, at, body, link)
        SELECT n, s, 0, n, s, stage, 0, s, now, convert_to(repeat('{"field":"value"}', 12), 'UTF8'), link
        FROM {range} CROSS JOIN generate_series(1, 2) AS s
        """,
    ]

    private static let finished = [
        """
        INSERT INTO finished(number, flow, status, sequence, spawned, pivoted, updated, head, output)
        SELECT n, flow, 5, 2, CASE WHEN parent IS NULL THEN children ELSE 0 END, true, now, link, '{}' FROM {range}
        """,
        """
        INSERT INTO child_end(parent, writer, ended) SELECT n, 0, children FROM {range} WHERE parent IS NULL
        """,
        """
        INSERT INTO notice(number, standing, saga, source, variant, at, id, reference, claim, headers, body)
        SELECT nextval('notice_number'), 1, n, source, 0, now, 'load-' || n, 'L-' || n,
            convert_to(repeat('claim ', 20), 'UTF8'), 'webhook-id: load-' || n, convert_to(repeat('body ', 40), 'UTF8')
        FROM {range}
        """,
    ]

    private static let waiting = [
        """
        INSERT INTO progress(number, flow, status, sequence, fence, wake, sleep, stirred, spawned, lane, pivoted,
            updated, head)
        SELECT n, flow, 2, 2, 0,
            CASE WHEN parent IS NOT NULL AND n % 10 < 9 THEN now + 864000000 + n % 864000000 END,
            CASE WHEN parent IS NULL THEN 2 WHEN n % 10 < 4 THEN 0 ELSE 1 END, false,
            CASE WHEN parent IS NULL THEN children ELSE 0 END, 0, true, now, link FROM {range}
        """
    ]
}
