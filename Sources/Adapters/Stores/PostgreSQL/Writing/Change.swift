/// The statements that write what a batch has decided.
///
/// Arrays are taken apart in lists of results, side by side: that needs no table of its own for each, as `unnest` of
/// many arrays in FROM does.
///
/// Rows to be changed are found by `number BETWEEN u.number AND u.number`. By equality the planner may as soon walk
/// through the whole table in the order of its key and look for each row among the numbers: it does where it believes
/// that the table holds one row, as it may between two stages of an offering, when only the root is left.
enum Change {
    /// A statement that fails unless it has changed as many rows as it must.
    private static func exactly(_ count: String, _ sql: String) -> String {
        "WITH done AS (\(sql) RETURNING 1) SELECT 1 / (CASE WHEN count(*) = \(count) THEN 1 ELSE 0 END) FROM done"
    }

    static let sagas = PostgresStatement(
        "change_sagas",
        """
        INSERT INTO saga(number, flow, parent, stage, created, element, id, input)
        SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]), $8::bigint,
            unnest($5::text[]), unnest($6::text[]), unnest($7::bytea[])
        """)

    private static let progressColumns = """
        number, flow, status, sequence, holder, fence, ready, wake, sleep, stirred, spawned, lane, pivoted, updated,
            head,
            exposures, predicament
        """
    private static let progressRows = """
        FROM (SELECT unnest($2::bigint[]) AS number, unnest($3::bigint[]) AS flow, unnest($4::bigint[]) AS status,
            unnest($5::bigint[]) AS sequence, unnest($6::bigint[]) AS holder, unnest($7::bigint[]) AS fence,
            unnest($8::bigint[]) AS ready, unnest($9::bigint[]) AS wake, unnest($10::bigint[]) AS sleep,
            unnest($11::bigint[]) AS stirred, unnest($12::bigint[]) AS spawned, unnest($13::bigint[]) AS lane,
            unnest($14::bigint[]) AS pivoted, unnest($15::bytea[]) AS head, unnest($16::bytea[]) AS exposures,
            unnest($17::bytea[]) AS predicament, unnest($18::bigint[]) AS version) AS u
        """
    static let begin = PostgresStatement(
        "change_begin",
        """
        INSERT INTO progress(\(progressColumns))
        SELECT u.number, u.flow, u.status::smallint, u.sequence, u.holder, u.fence, u.ready, u.wake, u.sleep::smallint,
            u.stirred <> 0, u.spawned, u.lane, u.pivoted <> 0, $1::bigint, u.head, u.exposures, u.predicament
        \(progressRows)
        """)
    static let advance = PostgresStatement(
        "change_advance",
        exactly(
            "cardinality($2::bigint[])",
            """
            UPDATE progress p SET status = u.status::smallint, sequence = u.sequence, holder = u.holder,
                ready = u.ready, wake = u.wake, sleep = u.sleep::smallint, stirred = u.stirred <> 0,
                spawned = u.spawned, lane = u.lane, pivoted = u.pivoted <> 0, updated = $1::bigint, head = u.head,
                exposures = u.exposures, predicament = u.predicament
            \(progressRows)
            WHERE p.number BETWEEN u.number AND u.number AND p.xmin = u.version::integer
            """))
    static let queue = PostgresStatement(
        "change_queue",
        exactly(
            "cardinality($1::bigint[])",
            """
            UPDATE progress p SET holder = u.holder, ready = u.ready, wake = u.wake, sleep = u.sleep::smallint,
                stirred = u.stirred <> 0
            FROM (SELECT unnest($1::bigint[]) AS number, unnest($2::bigint[]) AS holder, unnest($3::bigint[]) AS ready,
                unnest($4::bigint[]) AS wake, unnest($5::bigint[]) AS sleep, unnest($6::bigint[]) AS stirred,
                unnest($7::bigint[]) AS version) AS u
            WHERE p.number BETWEEN u.number AND u.number AND p.xmin = u.version::integer
            """))
    static let end = PostgresStatement(
        "change_end",
        exactly(
            "cardinality($1::bigint[])",
            """
            DELETE FROM progress p USING (SELECT unnest($1::bigint[]) AS number, unnest($2::bigint[]) AS version) AS u
            WHERE p.number BETWEEN u.number AND u.number AND p.xmin = u.version::integer
            """))
    /// Locks sagas that are remembered and not changed, and fails unless their rows are as they are remembered.
    static let unchanged = PostgresStatement(
        "change_unchanged",
        """
        SELECT 1 / (CASE WHEN count(*) = cardinality($1::bigint[]) THEN 1 ELSE 0 END)
        FROM (SELECT 1 FROM (SELECT unnest($1::bigint[]) AS number, unnest($2::bigint[]) AS version) AS u
            JOIN progress p ON p.number BETWEEN u.number AND u.number AND p.xmin = u.version::integer
            ORDER BY u.number FOR NO KEY UPDATE OF p) AS t
        """)
    /// Fails when a value that is remembered, or taken to be absent, and not written has been written by somebody else.
    static let unwritten = PostgresStatement(
        "change_unwritten",
        """
        SELECT 1 / (CASE WHEN count(*) = cardinality($1::bigint[]) THEN 1 ELSE 0 END)
        FROM (SELECT unnest($1::bigint[]) AS space, unnest($2::text[]) AS key, unnest($3::bigint[]) AS version) AS u
            LEFT JOIN LATERAL (SELECT version FROM book_value
                WHERE space = u.space AND key = u.key OFFSET 0) AS b ON true
        WHERE coalesce(b.version, 0) = u.version
        """)
    /// Fails when a saga that was put to sleep has a fresh notice which its writer has not looked at; answers those
    /// that have one which it has looked at and left.
    static let unseen = PostgresStatement(
        "change_unseen",
        """
        SELECT u.saga, 1 / (CASE WHEN n.number > u.seen THEN 0 ELSE 1 END)
        FROM (SELECT unnest($1::bigint[]) AS saga, unnest($2::bigint[]) AS seen) AS u CROSS JOIN LATERAL
            (SELECT number FROM notice WHERE saga = u.saga AND standing = 0 ORDER BY number DESC LIMIT 1) AS n
        """)
    static let finish = PostgresStatement(
        "change_finish",
        """
        INSERT INTO finished(number, flow, status, sequence, spawned, pivoted, updated, head, exposures, predicament,
            output)
        SELECT u.number, u.flow, u.status::smallint, u.sequence, u.spawned, u.pivoted <> 0, $1::bigint, u.head,
            u.exposures, u.predicament, u.output
        FROM (SELECT unnest($2::bigint[]) AS number, unnest($3::bigint[]) AS flow, unnest($4::bigint[]) AS status,
            unnest($5::bigint[]) AS sequence, unnest($6::bigint[]) AS spawned, unnest($7::bigint[]) AS pivoted,
            unnest($8::bytea[]) AS head, unnest($9::bytea[]) AS exposures, unnest($10::bytea[]) AS predicament,
            unnest($11::bytea[]) AS output) AS u
        """)
    static let stakes = PostgresStatement(
        "change_stakes",
        """
        INSERT INTO stake(writer, asset, amount)
        SELECT $1::bigint, u.asset, u.amount::numeric FROM unnest($2::text[], $3::text[]) AS u(asset, amount)
        ON CONFLICT (writer, asset) DO UPDATE SET amount = stake.amount + excluded.amount
        """)
    static let childEnds = PostgresStatement(
        "change_child_ends",
        """
        INSERT INTO child_end(parent, writer, ended) SELECT u.parent, $1::bigint, u.ended
            FROM unnest($2::bigint[], $3::bigint[]) AS u(parent, ended)
        ON CONFLICT (parent, writer) DO UPDATE SET ended = child_end.ended + excluded.ended
        """)

    static let entries = PostgresStatement(
        "change_entries",
        """
        INSERT INTO journal(saga, sequence, writer, turn, place, stage, refusals, kind, at, body, link)
        SELECT u.saga, u.sequence, $1::bigint, $2::bigint, u.place, u.stage, u.refusals, u.kind::smallint, u.at, u.body,
            u.link
        FROM (SELECT unnest($3::bigint[]) AS saga, unnest($4::bigint[]) AS sequence, unnest($5::bigint[]) AS place,
            unnest($6::bigint[]) AS stage, unnest($7::bigint[]) AS refusals, unnest($8::bigint[]) AS kind,
            unnest($9::bigint[]) AS at, unnest($10::bytea[]) AS body, unnest($11::bytea[]) AS link) AS u
        """)
    private static let expectationRows = """
        INSERT INTO expectation(source, reference, saga, stage, refusals)
        SELECT u.source, u.reference, u.saga, u.stage, u.refusals
        FROM (SELECT unnest($1::bigint[]) AS source, unnest($2::text[]) AS reference, unnest($3::bigint[]) AS saga,
            unnest($4::bigint[]) AS stage, unnest($5::bigint[]) AS refusals) AS u
        """
    /// Fails when a notice waits for one of the second list, which is taken to be new.
    static let expectations = PostgresStatement(
        "change_expectations",
        """
        \(expectationRows) WHERE (SELECT 1 / (CASE WHEN EXISTS (
            SELECT 1 FROM unnest($6::bigint[], $7::text[]) AS k(source, reference)
                CROSS JOIN LATERAL (SELECT 1 FROM notice
                    WHERE source = k.source AND reference = k.reference AND odd = 5 LIMIT 1) AS n)
            THEN 0 ELSE 1 END)) = 1
        """)
    /// The same without looking.
    static let plainExpectations = PostgresStatement("change_plain_expectations", expectationRows)
    private static let noticeRows = """
        SELECT nextval('notice_number'), u.standing::smallint, u.saga, u.source, u.variant, $1::bigint, u.id,
            u.reference,
            u.claim, u.headers, u.body
        FROM (SELECT unnest($2::bigint[]) AS standing, unnest($3::bigint[]) AS saga, unnest($4::bigint[]) AS source,
            unnest($5::bigint[]) AS variant, unnest($6::text[]) AS id, unnest($7::text[]) AS reference,
            unnest($8::bytea[]) AS claim, unnest($9::text[]) AS headers, unnest($10::bytea[]) AS body) AS u
        """
    private static let noticeColumns =
        "INSERT INTO notice(number, standing, saga, source, variant, at, id, reference, claim, headers, body)"
    /// Numbers rise within a saga with the order of commits: they are given while the saga's row is locked. Fails when
    /// there is one already of the second list, which are taken to be new.
    static let notices = PostgresStatement(
        "change_notices",
        """
        \(noticeColumns) \(noticeRows) WHERE (SELECT 1 / (CASE WHEN EXISTS (
            SELECT 1 FROM unnest($11::bigint[], $12::text[]) AS k(source, id)
                CROSS JOIN LATERAL (SELECT 1 FROM notice WHERE source = k.source AND id = k.id LIMIT 1) AS n)
            THEN 0 ELSE 1 END)) = 1
        RETURNING number
        """)
    /// The same without looking, under numbers that are given.
    static let numberedNotices = PostgresStatement(
        "change_numbered_notices",
        noticeColumns
            + noticeRows.replacing("nextval('notice_number')", with: "u.given")
            .replacing("AS body) AS u", with: "AS body, unnest($11::bigint[]) AS given) AS u"))
    static let releases = PostgresStatement(
        "change_releases",
        exactly(
            "cardinality($1::bigint[])",
            """
            UPDATE notice n SET standing = u.standing::smallint, saga = u.saga, variant = u.variant,
                reference = u.reference, claim = u.claim, headers = u.headers
            FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bytea[], $7::text[])
                AS u(number, standing, saga, variant, reference, claim, headers)
            WHERE n.number BETWEEN u.number AND u.number AND n.standing = 6
            """))
    static let bindings = PostgresStatement(
        "change_bindings",
        """
        UPDATE notice n SET standing = u.standing::smallint, saga = u.saga, variant = coalesce(u.variant, n.variant)
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS u(number, standing, saga, variant)
        WHERE n.number BETWEEN u.number AND u.number
        """)
    static let uses = PostgresStatement(
        "change_uses",
        exactly(
            "cardinality($1::bigint[])",
            """
            UPDATE notice n SET standing = u.standing::smallint
            FROM (SELECT unnest($1::bigint[]) AS number, unnest($2::bigint[]) AS standing) AS u
            WHERE n.number BETWEEN u.number AND u.number
            """))
    static let adoptions = PostgresStatement(
        "change_adoptions",
        """
        UPDATE notice n SET standing = 0, saga = u.saga
        FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS u(source, reference, saga)
        WHERE n.source = u.source AND n.reference = u.reference AND n.odd = 5
        """)

    static let values = PostgresStatement(
        "change_values",
        exactly(
            "cardinality($1::bigint[])",
            """
            INSERT INTO book_value AS b (space, key, version, value)
            SELECT u.space, u.key, u.version + 1, u.value
                FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[]) AS u(space, key, version, value)
            ON CONFLICT (space, key) DO UPDATE SET value = excluded.value, version = excluded.version
                WHERE b.version = excluded.version - 1
            """))
    /// Lines are numbered by their transaction and by their place in it.
    static let lines = PostgresStatement(
        "change_lines",
        """
        INSERT INTO book_log(number, log, key, saga, stage, at, body)
        SELECT (($8::bigint + pg_current_xact_id()::text::bigint) << \(BatchWriting.placeBits)) + u.place, u.log, u.key,
            u.saga, u.stage, u.at, u.body
        FROM (SELECT unnest($1::bigint[]) AS place, unnest($2::bigint[]) AS log, unnest($3::text[]) AS key,
            unnest($4::text[]) AS saga, unnest($5::bigint[]) AS stage, unnest($6::bigint[]) AS at,
            unnest($7::bytea[]) AS body) AS u
        """)
    /// The same under numbers that are given.
    static let numberedLines = PostgresStatement(
        "change_numbered_lines",
        """
        INSERT INTO book_log(number, log, key, saga, stage, at, body)
        SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]), unnest($5::bigint[]),
            unnest($6::bigint[]), unnest($7::bytea[])
        """)
    static let prints = PostgresStatement(
        "change_prints",
        """
        INSERT INTO print(number, writer, turn, place, at, saga, print)
        SELECT nextval('print_number'), $1::bigint, $2::bigint, u.place, $3::bigint, u.saga, u.print
        FROM (SELECT * FROM unnest($4::bigint[], $5::text[], $6::text[]) AS v(place, saga, print) ORDER BY place) AS u
        """)

    static let grants = PostgresStatement(
        "change_grants",
        """
        INSERT INTO lease(epoch, runner, expires, granted)
        SELECT u.epoch, u.runner, u.expires, $4::bigint
        FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS u(epoch, runner, expires)
        """)
    static let renewals = PostgresStatement(
        "change_renewals",
        exactly(
            "cardinality($1::bigint[])",
            """
            UPDATE lease l SET expires = u.expires, swept = false, empty = false
            FROM unnest($1::bigint[], $2::bigint[]) AS u(epoch, expires)
            WHERE l.epoch = u.epoch AND NOT l.dead
            """))
    static let life = PostgresStatement(
        "change_life",
        """
        INSERT INTO incarnation(number, since, reason, system, timeline, base)
        SELECT coalesce(max(number), -1) + 1, $1::bigint, $2::text, $3::text, $4::text, coalesce(max(base), 0)
        FROM incarnation
        """)
}
