import RunnerTheatre
import SagaEngine

/// Finished and waiting sagas in a SQLite store's file, which no process may hold; as ``PostgresClaimLoad`` makes them.
struct SQLiteClaimLoad {
    private let database: RawDatabase

    init(path: String) throws {
        database = try RawDatabase(path: path)
        try database.execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144")
    }

    func fill(finished: Int, waiting: Int) throws {
        try database.execute("INSERT OR IGNORE INTO name(text) VALUES ('line'), ('bench')")
        let range = """
            WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {count}),
                r AS (SELECT {base} + n AS n,
                    CASE WHEN (n - 1) % 1000 > 0 THEN {base} + n - (n - 1) % 1000 END AS parent,
                    min(1000, {count} - (n - 1) / 1000 * 1000) - 1 AS children,
                    (SELECT number FROM flow WHERE name = '\(ClaimChurn.flow.name)') AS flow,
                    (SELECT number FROM name WHERE text = 'line') AS stage,
                    (SELECT number FROM name WHERE text = 'bench') AS source,
                    CAST(unixepoch() AS INTEGER) * 1000 AS now FROM g)
            """
        for (count, rows) in [(finished, Self.finished), (waiting, Self.waiting)] where count > 0 {
            let base = try database.rows("SELECT coalesce(max(number), 0) FROM saga").first?.first ?? "0"
            let all = (Self.rows + rows).map { range + $0 }.joined(separator: ";\n")
            try database.execute(
                "BEGIN; "
                    + all.replacing("{count}", with: "\(count)").replacing("{base}", with: base) + "; COMMIT")
        }
        try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private static let rows = [
        """
        INSERT INTO saga(number, flow, parent, stage, created, element, id, input)
        SELECT n, flow, parent, CASE WHEN parent IS NOT NULL THEN stage END, now,
            CASE WHEN parent IS NOT NULL THEN 'INV-' || n END,
            CASE WHEN parent IS NULL THEN 'SG-LOAD-' || n ELSE 'SG-LOAD-' || parent || '/line/INV-' || n END,
            CAST('{"amount":"3000000","investor":"INV-' || n || '","units":"300"}' AS BLOB) FROM r
        """,
        """
        INSERT INTO journal(saga, sequence, stage, refusals, kind, at, body, link)
        SELECT n, 1, stage, 0, 1, now, randomblob(200), randomblob(32) FROM r
        UNION ALL SELECT n, 2, stage, 0, 2, now, randomblob(200), randomblob(32) FROM r
        """,
    ]

    private static let finished = [
        """
        INSERT INTO progress(number, flow, status, sequence, due, ready, wake, sleep, stirred, open, pivoted, updated,
            head, output)
        SELECT n, flow, 5, 2, NULL, NULL, NULL, 0, 0, 0, 1, now, randomblob(32), CAST('{}' AS BLOB) FROM r
        """,
        """
        INSERT INTO notice(standing, saga, source, variant, at, id, reference, claim, headers, body)
        SELECT 1, n, source, 0, now, 'load-' || n, 'L-' || n, randomblob(120), 'webhook-id: load-' || n, randomblob(200)
        FROM r
        """,
    ]

    /// What never wakes by itself is due at the end of time, as the store writes it.
    private static let waiting = [
        """
        INSERT INTO progress(number, flow, status, sequence, due, ready, wake, sleep, stirred, open, pivoted, updated,
            head)
        SELECT n, flow, 2, 2, CASE WHEN parent IS NOT NULL AND n % 10 < 9
                THEN (now + 864000000 + n % 864000000) << 20 | (n & 1048575) ELSE 9223372036854775807 END, NULL,
            CASE WHEN parent IS NOT NULL AND n % 10 < 9 THEN now + 864000000 + n % 864000000 END,
            CASE WHEN parent IS NULL THEN 2 WHEN n % 10 < 4 THEN 0 ELSE 1 END, 0,
            CASE WHEN parent IS NULL THEN children ELSE 0 END, 1, now, randomblob(32) FROM r
        """
    ]
}
