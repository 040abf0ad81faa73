internal import SagaEngine

/// The writing side of the store: carries out batches on the thread that owns it.
final class SQLiteWriter {
    /// Batches that wait together are made one transaction up to this many operations.
    static let mergeLimit = 2_048

    let connection: SQLiteConnection
    let statements: WriterStatements
    let names: NameTable
    let flows: FlowTable
    let handlers: [String: any RecordHandler]
    let clock: any SagaClock
    let health: StoreHealth
    let desk: ClaimDesk
    let claimed: ClaimedSagas
    private let digest: any Digest
    private let file: DatabaseFile
    private let room: DiskRoom
    private let sealed: @Sendable (AuditHead) -> Void
    private let observer: (@Sendable (StoreTransaction) -> Void)?

    /// The end of the audit chain, and what the transaction in hand adds to it.
    var tail: AuditTail
    /// What it knows of sagas without looking.
    var known = KnownSagas()
    /// What the inbox knows without looking.
    var inbox = KnownInbox()
    /// What the transaction in hand does to sagas that were claimed and need not be read back.
    var offers = Offers()
    /// Entries that the transaction in hand has still to write, numbered in their order.
    var entries: [NumberedEntry] = []
    /// Memory for the bytes of those that are just being written.
    var entryBytes: [UInt8] = []
    /// How many children are left of parents of which some have ended in the transaction in hand, until it is written.
    var endedFamilies: [SagaNumber: Int64] = [:]
    /// The moment of the transaction in hand.
    var now = Timestamp(milliseconds: 0)
    /// The last place given out in the queue of sagas that are ready.
    private var lastPlace: Int64 = .min
    /// The highest place given out, unless the clock has been set back since.
    private var highestPlace: Int64 = .min

    init(_ connection: SQLiteConnection, _ parts: StoreParts, tail: AuditTail) throws {
        self.connection = connection
        self.tail = tail
        statements = try WriterStatements(connection)
        names = NameTable(connection)
        flows = FlowTable(connection)
        handlers = Dictionary(parts.configuration.handlers.map { ($0.kind, $0) }) { _, last in last }
        clock = parts.configuration.clock
        health = parts.health
        desk = parts.desk
        claimed = parts.claimed
        digest = parts.configuration.digest
        file = try DatabaseFile(path: parts.configuration.path)
        room = DiskRoom(path: parts.configuration.path, minimum: parts.configuration.minimumFreeBytes)
        sealed = parts.sealed
        observer = parts.configuration.observer
    }

    /// Carries out batches in one transaction and tells those who wait.
    ///
    /// When one of several cannot be carried out, each gets a transaction of its own, so that it fails alone.
    func commit(_ requests: [CommitRequest]) {
        do {
            let results = try transact(requests)
            observer?(
                StoreTransaction(
                    operations: requests.flatMap(\.batch), lease: requests.lazy.compactMap(\.lease).first))
            for (request, results) in zip(requests, results) { request.finish(.success(results)) }
        } catch {
            if requests.count > 1, error.code == .misuse || error.code == .corrupt {
                for request in requests { commit([request]) }
            } else {
                for request in requests { request.finish(.failure(error)) }
            }
        }
    }

    private func transact(_ requests: [CommitRequest]) throws(StoreError) -> [[StoreResult]] {
        try health.check()
        do throws(StoreError) {
            try file.check()
        } catch {
            throw health.report(error)
        }
        try room.check()
        let before = tail.mark
        let highest = highestPlace
        let results: [[StoreResult]]
        do {
            try statements.begin.run()
            now = clock.now()
            try followClock()
            results = try requests.map(perform)
            try writeEntries()
            try writeOpenChildren()
            try seal()
        } catch {
            tail.rewind(to: before)
            highestPlace = max(highest, highestPlace)
            let failure = health.report(error)
            rollBack()
            throw failure
        }
        do {
            try statements.commit.run()
        } catch {
            tail.rewind(to: before)
            highestPlace = max(highest, highestPlace)
            throw undo(error)
        }
        desk.settle()
        claimed.note(touched: offers.touched, taken: offers.taken)
        offers.removeAll()
        if tail.head.number != before.head.number { sealed(tail.head) }
        return results
    }

    /// The error to report for a commit that failed, once its transaction is gone.
    private func undo(_ error: SQLiteError) -> StoreError {
        // A full disk refuses a write, and the frame that makes a transaction valid is its last: what could not be
        // written whole before any sync was asked for is never read back. Of any other failure nobody knows.
        guard error.kind == .full else { return health.report(error, committing: true) }
        rollBack()
        do {
            try health.check()
        } catch {
            return error
        }
        return health.report(error)
    }

    /// Forgets what it knows of rows, because some that it wrote are gone or somebody else may have written.
    func forget() {
        names.forget()
        flows.forget()
        known.forget()
        inbox = KnownInbox()
        claimed.forget()
        offers.removeAll()
        entries.removeAll(keepingCapacity: true)
        endedFamilies.removeAll(keepingCapacity: true)
    }

    /// Lends the connection for a job that is no batch. One that may write the tables of sagas is not beside them: what
    /// is known of them is forgotten.
    func lend(isBeside: Bool, to job: (SQLiteConnection) -> Void) {
        if !isBeside { claimed.forget() }
        job(connection)
        if isBeside { return }
        known.forget()
        inbox = KnownInbox()
    }

    private func rollBack() {
        forget()
        desk.rewind()
        guard connection.isInTransaction else { return }
        do {
            try connection.statement("ROLLBACK").run()
        } catch {
            // A transaction that can be neither finished nor undone: only opening the file again tells what is there.
            _ = health.report(error, committing: true)
        }
    }

    private func perform(_ request: CommitRequest) throws -> [StoreResult] {
        // The right to write is looked at once: a batch is one moment.
        let lease = try request.lease.flatMap { try isCurrent($0) ? $0 : nil }
        var results: [StoreResult] = []
        results.reserveCapacity(request.batch.count)
        for operation in request.batch { results.append(try perform(operation, under: lease)) }
        return results
    }

    private func perform(_ operation: StoreOperation, under lease: Lease?) throws -> StoreResult {
        switch operation {
        case .submit(let saga): return try submit(saga)
        case .append(let append): return try self.append(append, epoch: lease?.epoch)
        case .notice(let new): return try keep(new)
        case .assign(let assignment): return try assign(assignment)
        case .claim(let request): return try claim(request, under: lease)
        case .lease(let request): return try self.lease(request)
        case .release(let runner): return try release(runner)
        case .print(let print): return try keep(print)
        case .reincarnate(let reason):
            try SQLiteMeta.reincarnate(connection, at: now, reason: reason)
            return .done
        }
    }

    private func seal() throws {
        guard !tail.links.isEmpty else { return }
        let head = tail.head
        let link = head.link.sealing(tail.links, at: now, by: digest)
        let insert = statements.insertSeal
        try insert.bind(1, head.number + 1)
        try insert.bind(2, now.milliseconds)
        try insert.bind(3, tail.lastEntry)
        try insert.bind(4, tail.lastPrint)
        try link.withBytes { try insert.bind(5, bytes: $0) }
        try insert.run()
        tail.head = AuditHead(store: head.store, number: head.number + 1, at: now, link: link)
        tail.links.removeAll(keepingCapacity: true)
    }

    /// The next place in the queue of ready sagas: by the clock, and among those of one millisecond in turn.
    func nextPlace() -> Int64 {
        let place = ReadyPlace.first(at: now)
        lastPlace = ReadyPlace.moment(of: lastPlace) == now ? lastPlace + 1 : place
        highestPlace = max(highestPlace, lastPlace)
        return lastPlace
    }

    /// When the clock has been set back, what is ready was given places that have not come yet: they become the last
    /// ones of now, or nobody would claim those sagas before the clock has caught up.
    private func followClock() throws {
        let last = ReadyPlace.last(at: now)
        guard highestPlace > last else { return }
        try connection.run(
            """
            UPDATE progress SET ready = min(ready, ?1), due = ?1
            WHERE number IN (
                SELECT number FROM progress INDEXED BY progress_due WHERE due > ?1 AND ready IS NOT NULL)
            """, .integer(last))
        known.forget()
        desk.forgetCursors()
        highestPlace = last
    }

    /// The link of a print in the audit chain.
    func link(of print: [UInt8]) -> ChainLink {
        ChainLink(bytes: digest.sha256(print))
    }
}
