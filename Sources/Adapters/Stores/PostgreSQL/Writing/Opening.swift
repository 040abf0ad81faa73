internal import SagaEngine

/// How a batch's transaction begins: its number, its moment, the lock of the inbox where expectations are written, and
/// the leases that are taken to count.
struct Opening {
    /// What the beginning has told.
    struct Opened {
        /// The transaction's number, by which its fate can be asked for later; `nil` while it has not been told.
        var transaction: Int64?
        var now: Timestamp
        /// When the question was sent, by this machine's monotonic clock.
        let asked: Int64
        var hasExpiredLeases = false
    }

    static let begin = PostgresStatement("batch_begin", "BEGIN")
    static let commit = PostgresStatement("batch_commit", "COMMIT")
    /// Leases are held against a take-over until the transaction ends, as ``Fact/leases`` does; fails when one of them
    /// counts no more.
    private static let moment = PostgresStatement(
        "batch_moment",
        """
        SELECT pg_current_xact_id()::text::bigint, \(PostgresTime.now), pg_advisory_xact_lock_shared($1::bigint),
            1 / (CASE WHEN (SELECT count(*) FROM (SELECT 1 FROM lease WHERE epoch = ANY($2::bigint[]) AND NOT dead
                AND NOT empty AND expires > coalesce($3::bigint, \(PostgresTime.now)) FOR SHARE) AS l)
            = cardinality($2::bigint[]) THEN 1 ELSE 0 END)
        """)
    private static let exclusive = PostgresStatement("batch_exclusive", "SELECT pg_advisory_xact_lock($1::bigint)")

    /// The statements, in their order.
    let calls: [PostgresConnection.Call]
    /// What is known before anything is answered.
    private(set) var opened: Opened
    private let given: Timestamp?
    private let momentPlace: Int
    private let expiredPlace: Int?

    /// - Parameters:
    ///   - requests: The batches.
    ///   - session: Where the transaction begins.
    ///   - now: The moment as far as this process knows.
    ///   - keepingOut: Whether new expectations are kept out.
    ///   - leases: Leases that are taken to count.
    ///   - isDecided: Whether it is decided already what will be written, so that nothing that it depends on may come
    ///     to light.
    ///   - time: Where moments come from.
    init(
        _ requests: [CommitRequest], in session: PostgresSession, at now: Timestamp, keepingOut: Bool,
        leases: Set<Int64>, isDecided: Bool, time: PostgresStoreConfiguration.Time
    ) {
        typealias Call = PostgresConnection.Call
        switch time {
        case .database: given = nil
        case .given: given = now
        }
        opened = Opened(now: now, asked: PostgresClock.monotonic)
        let moment = given.map { PostgresParameter.bigint($0.milliseconds) } ?? .null
        var calls = [Call(Self.begin)]
        if keepingOut { calls.append(Call(Self.exclusive, .bigint(session.inboxLock))) }
        let isShared = !keepingOut && requests.writeExpectations
        momentPlace = calls.count
        calls.append(
            Call(Self.moment, isShared ? .bigint(session.inboxLock) : .null, .numbers(leases.sorted()), moment))
        expiredPlace = requests.claim && !isDecided ? calls.count : nil
        if requests.claim { calls.append(Call(isDecided ? Claiming.noneExpired : Claiming.hasExpired, moment)) }
        self.calls = calls
    }

    /// Takes the answers to ``calls``.
    mutating func take(_ answers: ArraySlice<PostgresResult>) {
        let first = answers.startIndex
        let moment = answers[first + momentPlace].first
        opened.transaction = moment?.int64(0)
        opened.now = given ?? moment?.timestamp(1) ?? opened.now
        if let expiredPlace { opened.hasExpiredLeases = answers[first + expiredPlace].first?.int64(0) == 1 }
    }
}
