/// The statements by which runners take sagas, and take over what others have left. Rows are found as in ``Change``.
enum Claiming {
    /// Lets everything be claimed that is held under leases which are given up.
    static let give = PostgresStatement(
        "claim_give",
        """
        UPDATE progress p SET holder = NULL, ready = coalesce(p.ready, u.place), wake = NULL, sleep = 0
        FROM unnest($1::bigint[], $2::bigint[]) AS u(epoch, place) WHERE p.holder = u.epoch
        """)
    static let drop = PostgresStatement("claim_drop", "DELETE FROM lease WHERE epoch = ANY($1::bigint[])")
    /// Gives leases up whose runner has parents to look after: whoever claims next does. Its name is free again.
    static let leave = PostgresStatement(
        "claim_leave",
        "UPDATE lease SET dead = true, runner = runner || ' until ' || epoch WHERE epoch = ANY($1::bigint[])")
    /// Takes leases that are over in hand, as if they held nothing. One under which a batch is being written is left
    /// for next time.
    static let close = PostgresStatement(
        "claim_close",
        """
        UPDATE lease SET empty = true WHERE epoch IN (
            SELECT l.epoch FROM lease l WHERE l.expires <= $1::bigint AND NOT l.dead AND NOT l.empty
            ORDER BY l.epoch FOR UPDATE SKIP LOCKED)
        """)
    /// Marks those of them that hold something after all: what was written before they were taken in hand is to be seen
    /// only by a later statement. Their runners' names are free again.
    static let bury = PostgresStatement(
        "claim_bury",
        """
        UPDATE lease SET dead = true, runner = runner || ' until ' || epoch WHERE epoch IN (
            SELECT l.epoch FROM lease l WHERE l.empty AND l.expires <= $1::bigint AND NOT l.dead
                AND EXISTS (SELECT 1 FROM progress p WHERE p.holder = l.epoch)
            ORDER BY l.epoch FOR UPDATE SKIP LOCKED)
        """)
    /// Lets everything be claimed that is held under dead leases, what one held before what the next one did. A saga
    /// that somebody is writing just now is left for next time.
    static let free = PostgresStatement(
        "claim_free",
        """
        WITH left_over AS MATERIALIZED (
            SELECT h.number, $1::bigint + (SELECT count(*) FROM lease o WHERE o.dead AND o.epoch < l.epoch) AS place
            FROM lease l CROSS JOIN LATERAL (
                SELECT p.number FROM progress p WHERE p.holder = l.epoch FOR NO KEY UPDATE SKIP LOCKED) AS h
            WHERE l.dead)
        UPDATE progress p SET holder = NULL, wake = NULL, sleep = 0, ready = coalesce(p.ready, u.place)
        FROM left_over u WHERE p.number BETWEEN u.number AND u.number
        """)
    static let forget = PostgresStatement(
        "claim_forget",
        """
        DELETE FROM lease WHERE epoch IN (
            SELECT l.epoch FROM lease l WHERE l.dead AND NOT EXISTS (SELECT 1 FROM progress p WHERE p.holder = l.epoch)
            ORDER BY l.epoch FOR UPDATE SKIP LOCKED)
        """)
    /// Parents whose last child has ended, should whoever ended it have died before it looked. Also those that are not
    /// asleep: one that is about to be has looked before that child's end was there, and its own row does not say so
    /// yet.
    static let sweep = PostgresStatement(
        "claim_sweep",
        """
        SELECT p.number FROM progress p WHERE p.spawned > 0 AND p.spawned = (
            SELECT coalesce(sum(c.ended), 0) FROM child_end c WHERE c.parent = p.number)
        """)
    /// Leases that are over and whose runners' parents nobody has looked after.
    static let unswept = PostgresStatement(
        "claim_unswept", "SELECT epoch FROM lease WHERE expires <= $1::bigint AND NOT swept AND NOT dead")
    static let swept = PostgresStatement("claim_swept", "UPDATE lease SET swept = true WHERE epoch = ANY($1::bigint[])")

    /// Takes those that have been ready longest, or whose moment has come, whatever their flow; what somebody else is
    /// about to take is passed over. For each flow it begins at a place (``ClaimFloors``).
    static let take = PostgresStatement(
        "claim_take",
        """
        WITH candidate AS MATERIALIZED (
            SELECT c.number, c.place, c.version FROM (
                SELECT d.number, d.place, d.version FROM unnest($1::bigint[], $5::bigint[]) AS f(flow, floor)
                    CROSS JOIN LATERAL (
                    SELECT r.number, r.ready AS place, r.xmin AS version FROM progress r
                    WHERE r.flow = f.flow AND r.ready IS NOT NULL AND r.ready >= f.floor
                    ORDER BY r.ready, r.number LIMIT $2::bigint FOR NO KEY UPDATE SKIP LOCKED) AS d
                UNION ALL
                SELECT d.number, d.place, d.version FROM unnest($1::bigint[], $5::bigint[]) AS f(flow, floor)
                    CROSS JOIN LATERAL (
                    SELECT w.number, (w.wake << 20) | (w.number & 1048575) AS place, w.xmin AS version FROM progress w
                    WHERE w.flow = f.flow AND w.wake IS NOT NULL AND w.wake <= $4::bigint
                        AND w.wake >= f.floor >> 20
                    ORDER BY w.wake, w.number LIMIT $2::bigint FOR NO KEY UPDATE SKIP LOCKED) AS d) AS c
            ORDER BY c.place, c.number LIMIT $2::bigint)
        UPDATE progress p SET holder = $3::bigint, fence = nextval('fence_number'), ready = NULL, wake = NULL, sleep =
            0,
            stirred = false
        FROM candidate c CROSS JOIN LATERAL (SELECT * FROM saga WHERE number = c.number OFFSET 0) AS s
        WHERE p.number BETWEEN c.number AND c.number
        RETURNING \(BatchSaga.columns), c.place, c.version
        """)

    /// Whether any lease is over that somebody has to deal with. Each is dealt with once: then it is dead and
    /// forgotten, or known to hold nothing.
    static let hasExpired = PostgresStatement("claim_expired", "SELECT \(anyExpired)")
    /// Fails when there is one.
    static let noneExpired = PostgresStatement(
        "claim_none_expired", "SELECT 1 / (CASE WHEN \(anyExpired) THEN 0 ELSE 1 END)")
    private static let anyExpired = """
        EXISTS (SELECT 1 FROM lease l WHERE l.dead
            OR l.expires <= coalesce($1::bigint, \(PostgresTime.now)) AND NOT (l.swept AND l.empty))
        """

    /// Of parents whose children have ended, those of which none is left.
    static let empty = PostgresStatement(
        "barrier_empty",
        """
        SELECT p.number FROM progress p WHERE p.number = ANY($1::bigint[]) AND p.spawned = (
            SELECT coalesce(sum(c.ended), 0) FROM child_end c WHERE c.parent = p.number)
        """)
    /// Waits for whoever is writing them just now.
    static let lockParents = PostgresStatement(
        "barrier_lock",
        "SELECT number FROM progress WHERE number = ANY($1::bigint[]) ORDER BY number FOR NO KEY UPDATE")
    static let wakeParents = PostgresStatement(
        "barrier_wake",
        """
        UPDATE progress p SET ready = coalesce(p.ready, u.place), wake = NULL, sleep = 0
        FROM unnest($1::bigint[], $2::bigint[]) AS u(number, place)
        WHERE p.number BETWEEN u.number AND u.number AND p.sleep > 1 AND p.holder IS NULL AND p.spawned = (
            SELECT coalesce(sum(c.ended), 0) FROM child_end c WHERE c.parent = p.number)
        """)
}
