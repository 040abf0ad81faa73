internal import CPostgreSQL
internal import Foundation
internal import SagaEngine

/// Tells the other runners that there may be something to claim, and hears it from them.
///
/// A word is a hint and is sent after the commit that it is about, by a connection of its own: within the commit NOTIFY
/// would hold a lock of the whole database through the sync. Words that come close together are sent as one. What is
/// lost with a process or a connection is made up for by looking anyway every two seconds.
final class PostgresHerald: Sendable {
    private struct State {
        var hasNews = false
        var isClosed = false
        /// The end of a pipe that wakes the attendant.
        var pipe: Int32?
    }

    private let state = Locked(State())

    /// Notes that something can be claimed.
    func tell() {
        state.withLock { state in
            let isFirst = !state.hasNews
            state.hasNews = true
            if isFirst, let pipe = state.pipe { Self.ring(pipe) }
        }
    }

    /// Lets the attendant end.
    func close() {
        state.withLock { state in
            state.isClosed = true
            if let pipe = state.pipe { Self.ring(pipe) }
        }
    }

    fileprivate func attach(_ pipe: Int32?) { state.withLock { $0.pipe = pipe } }

    fileprivate var isClosed: Bool { state.withLock { $0.isClosed } }

    fileprivate func takeNews() -> Bool {
        state.withLock { state in
            defer { state.hasNews = false }
            return state.hasNews
        }
    }

    private static func ring(_ pipe: Int32) {
        var byte: UInt8 = 1
        _ = write(pipe, &byte, 1)
    }
}

/// What a store does beside reading and writing while a daemon has it: tells and hears what can be claimed, looks for
/// sagas and parents that were left behind, seals the audit chain, and folds counters. On a thread and a connection of
/// its own.
final class PostgresAttendant {
    /// How long after the last word the next one is sent, in milliseconds.
    private static let pause: Int64 = 20
    /// How often is looked anyway, in milliseconds.
    private static let rounds: Int64 = 2_000
    /// How often all parents are looked after, in milliseconds, whatever is known: the last resort.
    private static let sweeps: Int64 = 30_000
    /// How often counters of writers that are gone are put together, in milliseconds.
    private static let folds: Int64 = 60_000
    /// How often the chain is sealed, in milliseconds.
    private static let seals: Int64 = 1_000

    private let configuration: PostgresStoreConfiguration
    private let herald: PostgresHerald
    private let ring: @Sendable () -> Void
    private let sealed: @Sendable (AuditHead, PostgresSession.Lineage) -> Void
    private let empty: @Sendable ([SagaNumber]) -> Void
    private let link: PostgresLink
    private var look = ClaimLook()
    private var fold = CounterFold()
    private var connection: PostgresConnection?
    /// The history that the connection leads to.
    private var lineage: PostgresSession.Lineage?
    private var readEnd: Int32 = -1
    private var lastWord: Int64 = 0
    private var lastRound: Int64 = 0
    private var lastSeal: Int64 = 0
    /// The newest seal that was seen on this connection.
    private var lastHead: Int64 = 0
    private var lastLook: Int64 = 0
    private var lastSweep: Int64 = PostgresClock.monotonic
    private var lastFold: Int64 = PostgresClock.monotonic

    init(
        _ link: PostgresLink, _ herald: PostgresHerald, ring: @escaping @Sendable () -> Void,
        sealed: @escaping @Sendable (AuditHead, PostgresSession.Lineage) -> Void,
        empty: @escaping @Sendable ([SagaNumber]) -> Void
    ) {
        self.link = link
        configuration = link.configuration
        self.herald = herald
        self.ring = ring
        self.sealed = sealed
        self.empty = empty
    }

    private static let speak = PostgresStatement("herald_speak", "SELECT pg_notify($1::text, '')")

    /// Works until the herald is closed.
    func run() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        readEnd = ends[0]
        herald.attach(ends[1])
        while !herald.isClosed {
            do {
                try turn()
            } catch {
                // The server is away or has ended the connection; the writer says so to whoever writes.
                connection = nil
                wait(Self.seals, on: nil)
            }
        }
        // What was written last is sealed, too, if that is to be had.
        lastSeal = 0
        do { try turn(isLast: true) } catch { connection = nil }
        herald.attach(nil)
        for end in ends { Foundation.close(end) }
        connection = nil
    }

    private func turn(isLast: Bool = false) throws {
        let connection = try self.connection ?? listen()
        let now = PostgresClock.monotonic
        if herald.takeNews() {
            try connection.run(Self.speak, .text(channel))
            lastWord = now
        }
        if !isLast { try lookAround(connection, now) }
        if now - lastSeal >= Self.seals {
            lastSeal = now
            try seal(on: connection)
        }
        guard !isLast else { return }
        let quiet = Self.pause - (PostgresClock.monotonic - lastWord)
        if quiet > 0 { usleep(UInt32(quiet) * 1_000) }
        wait(min(Self.seals, Self.rounds), on: connection.socket)
    }

    /// Seals what is new, unless it is another history that it would seal.
    private func seal(on connection: PostgresConnection) throws {
        let before = try PostgresAudit.head(connection)
        guard try link.recognizes(before, on: connection) else {
            throw StoreError(.unavailable, "the database is not as this process has left it")
        }
        // What others have sealed counts as well: a copy that lacks it is older than what this process knows of.
        let head = try PostgresAudit.seal(connection, configuration) ?? before
        guard let lineage, head.number > lastHead else { return }
        lastHead = head.number
        sealed(head, lineage)
    }

    /// Has looked for what can be claimed; before anything is sealed, so that a chain which cannot be sealed holds
    /// nothing up.
    private func lookAround(_ connection: PostgresConnection, _ now: Int64) throws {
        if try connection.notifications() > 0 || now - lastRound >= Self.rounds {
            lastRound = now
            if let identity = configuration.identity { try Runners.touch(connection, identity) }
            ring()
        }
        if now - lastLook >= Self.rounds {
            lastLook = now
            let moment = try Lifeline.moment(connection, configuration)
            if try look.look(on: connection, for: link.floors, at: moment) { ring() }
        }
        if now - lastSweep >= Self.sweeps {
            lastSweep = now
            empty(try connection.run(Claiming.sweep).rows.map { $0.int64(0) })
        }
        if now - lastFold >= Self.folds {
            lastFold = now
            try fold.fold(connection, in: configuration.schema)
        }
    }

    private func listen() throws -> PostgresConnection {
        let connection = try PostgresSession.connect(configuration)
        try connection.execute("LISTEN \(PostgresSchema.identifier(channel))")
        lineage = try PostgresSession.lineage(of: connection)
        lastHead = 0
        self.connection = connection
        return connection
    }

    private var channel: String { "saga_runner_\(configuration.schema)" }

    /// Waits for news from inside or outside, or for so many milliseconds.
    private func wait(_ milliseconds: Int64, on socket: Int32?) {
        _ = cpostgresql_wait(readEnd, socket ?? -1, Int32(milliseconds))
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &bytes, bytes.count) > 0 {}
    }
}

extension PostgresStore {
    /// Attends to the store until the task is cancelled or the store closed: hears from other runners, tells them, and
    /// seals the audit chain.
    ///
    /// - Parameter ring: Called when there may be something to claim, on a thread of the store's.
    public func attend(ring: @escaping @Sendable () -> Void) async {
        let link = link
        let herald = herald
        let anchor = anchor
        let sealed: @Sendable (AuditHead, PostgresSession.Lineage) -> Void = { head, lineage in
            if link.saw(head, in: lineage) { anchor?.note(head) }
        }
        let empty: @Sendable ([SagaNumber]) -> Void = { [weak self] in self?.lookLater(after: $0) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { ended in
                NamedThread.start("store-herald") {
                    PostgresAttendant(link, herald, ring: ring, sealed: sealed, empty: empty).run()
                    ended.resume()
                }
            }
        } onCancel: {
            herald.close()
        }
    }
}
