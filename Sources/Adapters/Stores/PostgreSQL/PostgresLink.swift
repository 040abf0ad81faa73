internal import Foundation
internal import SagaEngine

/// The way to the server: makes connections, tells whether there is one, and finds out what became of a commit whose
/// answer was lost.
///
/// It belongs to the writing thread; only ``isUp``, ``clock``, ``floors``, ``journals`` and ``takenUp`` are looked at
/// by others.
final class PostgresLink: Sendable {
    /// What became of a transaction.
    enum Fate {
        case committed, aborted
        /// The server says that a transaction of this number was committed, and nothing shows that it was this one.
        case unclear
        /// The server is another one now, which knows nothing of it or has nothing to do with it.
        case elsewhere
    }

    private struct State {
        var session: SessionBox?
        /// Those that go on beside it.
        var others: [SessionBox] = []
        /// Not before this moment is another one tried again.
        var nextOther: Int64 = 0
        var failures = 0
        /// Not before this moment of the monotonic clock is it tried again.
        var nextTry: Int64 = 0
        var lastError = ""
        /// The life of the data that the last connection found.
        var life: Incarnation?
        /// The history that the last connection led to.
        var lineage: PostgresSession.Lineage?
        /// Leases of this process that count, once a new life has begun under it; `nil` while all do.
        var honoured: Set<Int64>?
        /// The newest seal that this process has seen.
        var newest: AuditHead?
        /// How many connections there have been.
        var generation = 0
    }

    /// A session goes with the writing thread alone; the box lets it lie in the state.
    private final class SessionBox: @unchecked Sendable {
        let session: PostgresSession

        init(_ session: PostgresSession) { self.session = session }
    }

    let configuration: PostgresStoreConfiguration
    let clock: PostgresClock
    /// Where this process's claims begin.
    let floors = ClaimFloors()
    /// Journals that this process need not read back.
    let journals = JournalMemory()
    /// Claimed sagas that need not be read at all.
    let takenUp = TakenUpSagas()
    private let state = Locked(State())
    private let entropy: any Entropy
    private let anchor: AnchorKeeper?

    init(
        _ configuration: PostgresStoreConfiguration, clock: PostgresClock, entropy: any Entropy,
        anchor: AnchorKeeper? = nil
    ) {
        self.configuration = configuration
        self.clock = clock
        self.entropy = entropy
        self.anchor = anchor
    }

    /// Whether there is a connection, as far as is known.
    var isUp: Bool { state.withLock { $0.session != nil } }

    /// Which of all connections that there have been is the one at hand; one beside it counts as the same.
    var generation: Int { state.withLock { $0.generation } }

    /// The connection, made anew when it was lost. While the server is away this fails at once, and tries again after a
    /// pause that grows to two seconds.
    func session() throws(StoreError) -> PostgresSession {
        if let box = state.withLock({ $0.session }) { return box.session }
        let now = PostgresClock.monotonic
        let (nextTry, lastError) = state.withLock { ($0.nextTry, $0.lastError) }
        guard now >= nextTry else { throw StoreError(.unavailable, "the database is away: \(lastError)") }
        do {
            let session = try PostgresSession(configuration)
            let isFirst = state.withLock { $0.life == nil }
            if isFirst, !configuration.afterRestore, let anchor {
                try Anchorage.check(session.connection, configuration, anchor)
            }
            try Lifeline.check(session, configuration)
            try notice(session)
            session.bookBase = try Lifeline.base(session.connection)
            try Runners.register(session, configuration)
            let box = SessionBox(session)
            state.withLock { state in
                state.session = box
                state.others = []
                state.generation += 1
                state.failures = 0
            }
            return session
        } catch {
            let reported = report(error)
            state.withLock { state in
                state.failures = min(state.failures + 1, 6)
                let pause = configuration.reconnectPause.milliseconds << state.failures
                state.nextTry = PostgresClock.monotonic + min(2_000, pause / 2 + Int64(entropy.below(UInt64(pause))))
                state.lastError = reported.detail
            }
            throw reported
        }
    }

    /// A connection beside those that are busy.
    func session(beside busy: [PostgresSession]) throws(StoreError) -> PostgresSession {
        guard let last = busy.last else { return try session() }
        let (first, others, nextOther) = state.withLock { ($0.session, $0.others, $0.nextOther) }
        guard let first else { throw StoreError(.unavailable, "the database is away") }
        let idle = ([first] + others).first { box in !busy.contains { $0 === box.session } }
        if let idle { return idle.session }
        guard configuration.overlapsBatches, PostgresClock.monotonic >= nextOther else {
            throw StoreError(.unavailable, "there is no other connection")
        }
        do {
            let session = try PostgresSession(configuration)
            guard session.lineage == last.lineage else {
                throw StoreError(.unavailable, "the server is another one now")
            }
            session.bookBase = last.bookBase
            let box = SessionBox(session)
            // Another thread may have found meanwhile that the database is another one.
            let isBeside = state.withLock { state in
                guard state.session === first else { return false }
                state.others.append(box)
                return true
            }
            guard isBeside else { throw StoreError(.unavailable, "the connection was given up") }
            return session
        } catch {
            state.withLock { $0.nextOther = PostgresClock.monotonic + 10_000 }
            throw report(error)
        }
    }

    /// Refuses a history that is older than what this process has seen, and lets no lease of an earlier life count: its
    /// epoch may be somebody else's in this one.
    private func notice(_ session: PostgresSession) throws {
        let head = try PostgresAudit.head(session.connection)
        // By its beginning, too: of two copies that were both put to use, each gives its new life the same number.
        let life = try Lifeline.incarnation(session.connection)
        if let seen = state.withLock({ $0.newest }) {
            guard head.store == seen.store else {
                throw StoreError(
                    .misuse,
                    "the database is another store than the one that this process has worked on: look at store.url")
            }
            let isNew = state.withLock { $0.life } != life
            guard try isNew || Self.goesOn(from: seen, to: head, session.connection) else {
                throw StoreError(
                    .misuse,
                    "the database ends with seal \(head.number), and this process has seen another history, up to seal "
                        + "\(seen.number): a copy was put back under it; stop, and start with --after-restore")
            }
        }
        let isNew = state.withLock { state in
            let isNew = state.life.map { $0 != life } ?? false
            if isNew { state.honoured = [] }
            state.life = life
            state.lineage = session.lineage
            state.newest = head
            return isNew
        }
        try anchor?.entered(life, at: head)
        guard isNew else { return }
        // What the anchor remembers is of the life before: it would speak against this one at the next start. And in
        // the copy's queues that is left again which had been claimed.
        anchor?.note(head)
        floors.lower(to: ClaimFloors.bottom)
        journals.forget()
        takenUp.forget()
    }

    /// Whether a chain goes on from a seal that was seen in it.
    private static func goesOn(
        from seen: AuditHead, to head: AuditHead, _ connection: PostgresConnection
    ) throws -> Bool {
        guard seen.number > 0, head.number >= seen.number else { return head.number >= seen.number }
        return try PostgresAudit.seals(after: seen.number - 1, limit: 1, connection).first?.link == seen.link
    }

    /// Looks whether the database still goes on from what this process has seen in it. Where it does not, a copy was
    /// put back under it, or another store: connections are made anew, which tells what is to be done about that.
    func recognizes(_ head: AuditHead, on connection: PostgresConnection) throws -> Bool {
        guard let seen = state.withLock({ $0.newest }) else { return true }
        if try head.store == seen.store && Self.goesOn(from: seen, to: head, connection) { return true }
        lost()
        return false
    }

    /// Takes note of the life that this process itself has begun, before it has any lease.
    func entered(_ life: Incarnation) {
        state.withLock { $0.life = life }
        anchor?.entered(life)
    }

    /// Takes note of a newer seal; `false` when it was seen in another history than the one that is written to by now.
    func saw(_ head: AuditHead, in lineage: PostgresSession.Lineage) -> Bool {
        state.withLock { state in
            guard state.lineage == lineage else { return false }
            if head.number > state.newest?.number ?? 0 { state.newest = head }
            return true
        }
    }

    /// Whether a lease was granted in the life that the data are in.
    func honours(_ lease: Lease?) -> Bool {
        guard let lease else { return true }
        return state.withLock { $0.honoured?.contains(lease.epoch) ?? true }
    }

    /// Takes note of leases that were granted or prolonged; by an answer of another history they were not.
    func honour(_ results: [StoreResult], in lineage: PostgresSession.Lineage) {
        state.withLock { state in
            guard state.honoured != nil, state.lineage == lineage else { return }
            for case .leased(let lease) in results { state.honoured?.insert(lease.epoch) }
        }
    }

    /// Forgets a connection that is gone.
    func lost(_ session: PostgresSession) {
        state.withLock { state in
            if state.session?.session === session { state.session = nil }
            // What the first has lost the others will not have either.
            state.others.removeAll { state.session == nil || $0.session === session }
        }
    }

    /// Forgets whatever connection there is.
    func lost() { close() }

    /// Closes the connections.
    func close() {
        state.withLock { state in
            state.session = nil
            state.others = []
        }
    }

    // MARK: - Commits whose answer was lost

    private static let status = PostgresStatement("fate_status", "SELECT pg_xact_status($1::text::xid8)")
    private static let end = PostgresStatement(
        "fate_end",
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid = $1::bigint AND \(PostgresSession.backendStart) = $2::bigint
        """)

    private static let find = PostgresStatement(
        "fate_find",
        """
        SELECT EXISTS (SELECT 1 FROM journal WHERE writer = $1::bigint AND turn = $2::bigint)
            OR EXISTS (SELECT 1 FROM print WHERE writer = $1::bigint AND turn = $2::bigint)
        """)

    /// What became of a transaction whose commit was sent over a connection that is gone.
    ///
    /// A server that was stopped at once gives the numbers of transactions of which nothing had reached its disk to
    /// others. That one was committed is therefore believed only when what it wrote is there. One whose number is not
    /// known had not told it when the connection was lost; what it wrote is looked for once its process is gone.
    ///
    /// - Throws: ``StoreError`` `unavailable` when it cannot be found out in time.
    func fate(
        of transaction: Int64?, _ mark: TransactionMark?, on lost: PostgresSession
    ) throws(StoreError) -> Fate {
        let deadline = PostgresClock.monotonic + configuration.lookUpTime.milliseconds
        while PostgresClock.monotonic < deadline {
            do {
                if let fate = try look(for: transaction, mark, on: lost) { return fate }
            } catch let error as StoreError where error.code != .unavailable {
                throw error
            } catch {
                // Away still, or again: once more, until the time is over.
                usleep(100_000)
                continue
            }
            usleep(20_000)
        }
        throw StoreError(.unavailable, "the connection was lost in a commit, and it is not known whether it is durable")
    }

    private func look(
        for transaction: Int64?, _ mark: TransactionMark?, on lost: PostgresSession
    ) throws -> Fate? {
        let session = try session()
        guard session.lineage == lost.lineage else { return .elsewhere }
        do {
            let connection = session.connection
            guard let transaction else {
                return try end(lost, on: connection) ? nil : try find(mark, on: connection)
            }
            switch try connection.run(Self.status, .text(String(transaction))).first?.text(0) {
            case "committed": return try find(mark, on: connection)
            case "aborted": return .aborted
            default:
                // Its process has not noticed yet that nobody listens.
                _ = try end(lost, on: connection)
                return nil
            }
        } catch {
            if error.kind == .connection { self.lost(session) }
            throw error
        }
    }

    /// Ends the server's process of a connection that is gone; whether there was one.
    private func end(_ lost: PostgresSession, on connection: PostgresConnection) throws(PostgresError) -> Bool {
        try connection.run(Self.end, .bigint(Int64(lost.connection.backend)), .bigint(lost.began)).count > 0
    }

    private func find(_ mark: TransactionMark?, on connection: PostgresConnection) throws(PostgresError) -> Fate {
        guard let mark else { return .unclear }
        let found = try connection.run(Self.find, .bigint(mark.writer), .bigint(mark.turn))
        return found.first?.int64(0) == 1 ? .committed : .aborted
    }

    /// The error to report for one that was thrown.
    func report(_ error: any Error) -> StoreError {
        if let error = error as? StoreError { return error }
        guard let error = error as? PostgresError else {
            return StoreError(.misuse, "a job at the store failed: \(type(of: error))")
        }
        switch error.kind {
        case .connection, .contention, .readOnly, .resources, .duplicate, .stale:
            return StoreError(.unavailable, "\(error)")
        case .damage, .guarded: return StoreError(.corrupt, "\(error)")
        case .schema, .other: return StoreError(.misuse, "\(error)")
        }
    }
}
