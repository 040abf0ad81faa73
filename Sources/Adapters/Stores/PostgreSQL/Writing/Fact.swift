/// The statements that read what a batch depends on.
///
/// Where something is looked up for each of many keys, the look-up stands in a `LATERAL … OFFSET 0`, which the planner
/// keeps as it is. It plans once, on tables that may have been empty then, and would as soon go through a whole table
/// and look for each row among the keys.
enum Fact {
    /// Held against a take-over until the transaction ends; that locks the row for update. One that was found to hold
    /// nothing after its end is over whatever the time: nothing is claimed under it before it is renewed.
    static let leases = PostgresStatement(
        "fact_leases",
        """
        SELECT epoch, runner, CASE WHEN empty THEN 0 ELSE expires END FROM lease
        WHERE epoch = ANY($1::bigint[]) AND NOT dead ORDER BY epoch FOR SHARE
        """)
    static let leasesOfRunners = PostgresStatement(
        "fact_runners",
        """
        SELECT epoch, runner, CASE WHEN empty THEN 0 ELSE expires END FROM lease
        WHERE runner = ANY($1::text[]) AND NOT dead ORDER BY epoch FOR UPDATE
        """)

    /// Sagas by their numbers and those that expect references, locked in the order of their numbers.
    static let sagas = PostgresStatement("fact_sagas", lockingSagas)
    /// The same; fails where somebody else has locked one of them.
    static let sagasAtOnce = PostgresStatement("fact_sagas_at_once", lockingSagas + " NOWAIT")
    private static let lockingSagas =
        """
        WITH wanted AS MATERIALIZED (
            SELECT unnest($1::bigint[]) AS number
            UNION
            SELECT e.saga FROM unnest($2::bigint[], $3::text[]) AS u(source, reference)
                CROSS JOIN LATERAL (SELECT saga FROM expectation
                    WHERE source = u.source AND reference = u.reference OFFSET 0) AS e)
        SELECT \(BatchSaga.columns) FROM wanted w
            JOIN progress p ON p.number BETWEEN w.number AND w.number
            CROSS JOIN LATERAL (SELECT * FROM saga WHERE number = w.number OFFSET 0) AS s
        ORDER BY w.number FOR NO KEY UPDATE OF p
        """
    static let finished = PostgresStatement(
        "fact_finished",
        """
        SELECT \(BatchSaga.finishedColumns) FROM finished f
            CROSS JOIN LATERAL (SELECT * FROM saga WHERE number = f.number OFFSET 0) AS s
        WHERE f.number = ANY($1::bigint[])
        """)
    static let started = PostgresStatement(
        "fact_started",
        """
        SELECT s.number, s.id, s.parent, f.name, s.input FROM unnest($1::text[]) AS u(id)
            CROSS JOIN LATERAL (SELECT * FROM saga WHERE id = u.id OFFSET 0) AS s JOIN flow f ON f.number = s.flow
        """)
    static let ended = PostgresStatement(
        "fact_ended",
        "SELECT parent, sum(ended)::bigint FROM child_end WHERE parent = ANY($1::bigint[]) GROUP BY parent")
    static let endings = PostgresStatement(
        "fact_endings",
        """
        SELECT j.saga, j.kind, n.text, j.refusals, j.body FROM journal j JOIN name n ON n.number = j.stage
        WHERE j.saga = ANY($1::bigint[]) AND j.kind IN (4, 5, 6, 16) ORDER BY j.saga, j.sequence
        """)

    static let expected = PostgresStatement(
        "fact_expected",
        """
        SELECT e.source, e.reference, e.saga, e.stage, e.refusals, n.text
        FROM unnest($1::bigint[], $2::text[]) AS u(source, reference)
            CROSS JOIN LATERAL (SELECT * FROM expectation
                WHERE source = u.source AND reference = u.reference OFFSET 0) AS e
            JOIN name n ON n.number = e.stage
        """)
    private static let noticeColumns = "n.number, n.standing, n.source, n.id, n.reference, n.claim, n.saga"
    static let evidence = PostgresStatement(
        "fact_evidence",
        """
        SELECT \(noticeColumns) FROM unnest($1::bigint[], $2::text[]) AS u(source, reference)
            CROSS JOIN LATERAL (SELECT saga FROM expectation
                WHERE source = u.source AND reference = u.reference OFFSET 0) AS e
            CROSS JOIN LATERAL (SELECT * FROM notice WHERE saga = e.saga AND standing = 1
                AND source + 0 = u.source AND reference = u.reference OFFSET 0) AS n
        """)
    static let notices = PostgresStatement(
        "fact_notices",
        "SELECT \(noticeColumns) FROM notice n WHERE n.number = ANY($1::bigint[]) ORDER BY n.number FOR UPDATE")
    static let bodies = PostgresStatement(
        "fact_bodies",
        """
        SELECT n.source, n.id, n.number, n.variant, n.standing, n.body, n.claim, n.reference
        FROM unnest($1::bigint[], $2::text[]) AS u(source, id)
            CROSS JOIN LATERAL (SELECT * FROM notice WHERE source = u.source AND id = u.id OFFSET 0) AS n
        """)
    static let fresh = PostgresStatement(
        "fact_fresh", "SELECT saga, number FROM notice WHERE saga = ANY($1::bigint[]) AND standing = 0")
    static let orphans = PostgresStatement(
        "fact_orphans",
        """
        SELECT n.source, n.reference, n.number FROM unnest($1::bigint[], $2::text[]) AS u(source, reference)
            CROSS JOIN LATERAL (SELECT * FROM notice
                WHERE source = u.source AND reference = u.reference AND odd = 5 OFFSET 0) AS n
        """)
    static let quarantined = PostgresStatement(
        "fact_quarantined",
        "SELECT source, count(*) FROM notice WHERE source = ANY($1::bigint[]) AND odd = 6 GROUP BY source")
    static let conflicting = PostgresStatement(
        "fact_conflicting",
        "SELECT source, count(*) FROM notice WHERE source = ANY($1::bigint[]) AND odd = 4 GROUP BY source")

    static let values = PostgresStatement(
        "fact_values",
        """
        SELECT v.space, v.key, v.version, v.value FROM unnest($1::bigint[], $2::text[]) AS u(space, key)
            CROSS JOIN LATERAL (SELECT * FROM book_value WHERE space = u.space AND key = u.key OFFSET 0) AS v
        """)
    static let sagaNumbers = PostgresStatement(
        "fact_saga_numbers", "SELECT nextval('saga_number') FROM generate_series(1, $1::bigint)")
    static let epochs = PostgresStatement(
        "fact_epochs", "SELECT nextval('epoch_number') FROM generate_series(1, $1::bigint)")
}
