internal import SagaEngine

/// How a batch's transaction begins: its number, its moment, and the lock of the inbox where expectations are written.
struct Opening {
    /// What the beginning has told.
    final class Opened {
        struct Moment {
            /// The transaction's number, by which its fate can be asked for later.
            var transaction: Int64 = 0
            var now = Timestamp(milliseconds: 0)
            /// When the question was sent, by this machine's monotonic clock.
            var asked: Int64 = 0
        }

        var moment = Moment()
        var hasExpiredLeases = false
    }

    static let begin = PostgresStatement("batch_begin", "BEGIN")
    static let commit = PostgresStatement("batch_commit", "COMMIT")
    private static let moment = PostgresStatement(
        "batch_moment", "SELECT pg_current_xact_id()::text::bigint, \(PostgresTime.now)")
    private static let shared = PostgresStatement("batch_shared", "SELECT pg_advisory_xact_lock_shared($1::bigint)")
    private static let exclusive = PostgresStatement("batch_exclusive", "SELECT pg_advisory_xact_lock($1::bigint)")

    private let session: PostgresSession
    private let locksShared: Bool
    private let locksAlone: Bool
    private let given: Timestamp?

    init(
        _ requests: [CommitRequest], in session: PostgresSession, keepingOut: Bool,
        time: PostgresStoreConfiguration.Time
    ) {
        self.session = session
        locksAlone = keepingOut
        locksShared = requests.writeExpectations
        switch time {
        case .database: given = nil
        case .given(let clock): given = clock.now()
        }
    }

    /// Has the transaction begun together with the first facts.
    mutating func ask(_ loader: inout FactLoader, expired: Bool) -> Opened {
        typealias Call = PostgresConnection.Call
        let opened = Opened()
        let given = given
        opened.moment.asked = PostgresClock.monotonic
        loader.before(Call(Self.begin))
        loader.before(Call(Self.moment)) { result in
            opened.moment.transaction = result.first?.int64(0) ?? 0
            opened.moment.now = given ?? result.first?.timestamp(1) ?? Timestamp(milliseconds: 0)
        }
        if locksAlone {
            loader.before(Call(Self.exclusive, .bigint(session.inboxLock)))
        } else if locksShared {
            loader.before(Call(Self.shared, .bigint(session.inboxLock)))
        }
        if expired {
            let now = given.map { PostgresParameter.bigint($0.milliseconds) } ?? .null
            loader.before(Call(Claiming.hasExpired, now)) { opened.hasExpiredLeases = $0.first?.int64(0) == 1 }
        }
        return opened
    }
}
