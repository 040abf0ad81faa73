internal import SagaEngine

/// Counters that each writer keeps in rows of its own, put together once the writer is gone: what is at stake (`stake`)
/// and how many children have ended (`child_end`). Every connection of every process has been a writer.
///
/// It is safe beside everybody. A writer only ever adds to its row, and makes it anew when it is not there; a fold
/// takes rows away and adds what was in them to writer 0's in one transaction. So a sum is right at every moment, even
/// should a writer that was believed to be gone come back.
struct CounterFold {
    /// How many rows of `child_end` one fold looks at.
    private static let page: Int64 = 10_000

    private static let lock = PostgresStatement(
        "fold_lock",
        "SELECT pg_try_advisory_xact_lock(hashtextextended('saga-runner fold of ' || $1::text, 0))")
    private static let stakes = PostgresStatement(
        "fold_stakes",
        """
        WITH gone AS (
            DELETE FROM stake s WHERE s.writer <> 0 AND NOT EXISTS (SELECT 1 FROM runner r WHERE r.writer = s.writer)
            RETURNING s.asset, s.amount)
        INSERT INTO stake(writer, asset, amount) SELECT 0, asset, sum(amount) FROM gone GROUP BY asset ORDER BY asset
        ON CONFLICT (writer, asset) DO UPDATE SET amount = stake.amount + excluded.amount
        """)
    private static let end = PostgresStatement(
        "fold_end",
        """
        SELECT parent, writer FROM child_end WHERE (parent, writer) > ($1::bigint, $2::bigint) ORDER BY parent, writer
        OFFSET $3::bigint - 1 LIMIT 1
        """)
    /// A row that stands alone stays as it is: there is nothing to put it together with.
    private static let children = PostgresStatement(
        "fold_children",
        """
        WITH gone AS (
            DELETE FROM child_end c WHERE (c.parent, c.writer) > ($1::bigint, $2::bigint)
                AND (c.parent, c.writer) <= ($3::bigint, $4::bigint) AND c.writer <> 0
                AND NOT EXISTS (SELECT 1 FROM runner r WHERE r.writer = c.writer)
                AND EXISTS (SELECT 1 FROM child_end o WHERE o.parent = c.parent AND o.writer <> c.writer)
            RETURNING c.parent, c.ended)
        INSERT INTO child_end(parent, writer, ended)
            SELECT parent, 0, sum(ended)::bigint FROM gone GROUP BY parent ORDER BY parent
        ON CONFLICT (parent, writer) DO UPDATE SET ended = child_end.ended + excluded.ended
        """)

    /// How far the last fold has looked.
    private var reached: (parent: Int64, writer: Int64) = (.min, .min)

    /// Folds once, unless somebody else is at it.
    mutating func fold(_ connection: PostgresConnection, in schema: String) throws {
        try connection.execute("BEGIN")
        do {
            if try connection.run(Self.lock, .text(schema)).first?.int64(0) == 1 {
                try connection.run(Self.stakes)
                try foldChildren(connection)
            }
            try connection.execute("COMMIT")
        } catch {
            if connection.isAlive, connection.isInTransaction { try connection.execute("ROLLBACK") }
            throw error
        }
    }

    private mutating func foldChildren(_ connection: PostgresConnection) throws {
        let (parent, writer) = reached
        let row = try connection.run(Self.end, .bigint(parent), .bigint(writer), .bigint(Self.page)).first
        let end = row.map { ($0.int64(0), $0.int64(1)) }
        let last = end ?? (Int64.max, Int64.max)
        try connection.run(Self.children, .bigint(parent), .bigint(writer), .bigint(last.0), .bigint(last.1))
        reached = end ?? (.min, .min)
    }
}
