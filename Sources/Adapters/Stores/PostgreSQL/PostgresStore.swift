public import SagaEngine

/// The durable store that many runners share: one PostgreSQL database.
///
/// One thread writes, on three connections when there is much to write, and one reads on a connection of its own. What
/// `commit` has returned is on the primary's disk, and on those of its synchronous standbys. The database is the only
/// coordinator: runners never talk to each other.
public final class PostgresStore: SagaStore {
    /// What waits at the writer.
    enum WriterItem: Sendable {
        case commit(CommitRequest)
        case job(@Sendable (PostgresWriter) -> Void)
    }

    typealias WriterThread = ResidentThread<PostgresWriter, WriterItem>
    typealias ReaderThread = ResidentThread<PostgresReader, @Sendable (PostgresReader) -> Void>

    /// The clock that every moment in the store comes from.
    public let clock: any SagaClock
    let configuration: PostgresStoreConfiguration
    let link: PostgresLink
    let herald: PostgresHerald
    let anchor: AnchorKeeper?
    /// The life of the data that a person began when the store was opened; `nil` when it goes on in the one it was in.
    public let reincarnation: StoreReincarnation?
    /// `nil` when the store was opened for reading only.
    let writer: WriterThread?
    private let reader: ReaderThread
    let tables: PostgresTableThreads

    private init(
        _ parts: PostgresParts, _ writer: WriterThread?, _ reader: ReaderThread, _ reincarnation: StoreReincarnation?
    ) {
        configuration = parts.configuration
        link = parts.link
        herald = parts.herald
        anchor = parts.anchor
        tables = PostgresTableThreads(parts.configuration)
        self.reincarnation = reincarnation
        self.writer = writer
        self.reader = reader
        switch configuration.time {
        case .database: clock = link.clock
        case .given(let given): clock = given
        }
    }

    /// Opens a store, making the schema when it is missing and taking its missing steps.
    ///
    /// - Throws: ``StoreError``: `unavailable` when the server is away or takes no writes; `misuse` when it would lose
    ///   what it has confirmed, or the schema is newer than this program.
    public static func open(
        _ configuration: PostgresStoreConfiguration, entropy: any Entropy = SystemEntropy()
    ) async throws(StoreError) -> PostgresStore {
        _ = try await migrate(configuration)
        let anchor = try configuration.anchorPath.map { (path) throws(StoreError) in try AnchorKeeper(path: path) }
        let parts = PostgresParts(configuration, anchor: anchor, entropy: entropy)
        let (link, herald) = (parts.link, parts.herald)
        let reincarnation = Locked<StoreReincarnation?>(nil)
        let writer = try await WriterThread.start(
            name: "store-writer", limit: configuration.queueLimit,
            resident: { () throws(StoreError) in
                let session = try link.session()
                let life = try begin(session, link, anchor)
                reincarnation.withLock { $0 = life }
                return PostgresWriter(configuration, link, wakened: herald.tell)
            },
            work: { writer, item, queue in work(item, by: writer, queue) })
        return PostgresStore(parts, writer, try await startReader(parts), reincarnation.withLock { $0 })
    }

    /// Opens a store for somebody who only looks, beside those who work on it: it makes nothing and takes no step.
    ///
    /// - Throws: ``StoreError``: `unavailable` when the server is away; `misuse` when the schema is not this program's.
    public static func openForReading(
        _ configuration: PostgresStoreConfiguration
    ) async throws(StoreError) -> PostgresStore {
        let (version, now) = try await onConnection(configuration) { connection in
            (
                try PostgresSchema.version(of: connection, in: configuration.schema),
                try Lifeline.moment(connection, configuration)
            )
        }
        guard version > 0 else {
            throw StoreError(
                .unavailable,
                "there is no schema \(configuration.schema) in the database: check store.url and store.schema")
        }
        try PostgresSchema.refuseOther(version)
        let parts = PostgresParts(configuration, anchor: nil, entropy: SystemEntropy())
        parts.link.clock.follow(now, between: PostgresClock.monotonic, and: PostgresClock.monotonic)
        return PostgresStore(parts, nil, try await startReader(parts), nil)
    }

    private static func startReader(_ parts: PostgresParts) async throws(StoreError) -> ReaderThread {
        let (configuration, link) = (parts.configuration, parts.link)
        return try await ReaderThread.start(
            name: "store-reader", limit: configuration.queueLimit,
            resident: { () throws(StoreError) in
                PostgresReader(configuration, floors: link.floors, journals: link.journals, report: link.report)
            },
            work: { reader, job, _ in job(reader) })
    }

    /// Takes the schema's missing steps and answers which.
    public static func migrate(
        _ configuration: PostgresStoreConfiguration
    ) async throws(StoreError) -> [PostgresMigration] {
        try await onConnection(configuration) { try PostgresSchema.migrate($0, in: configuration.schema) }
    }

    /// Runs a job on a connection of its own, on a thread of its own.
    static func onConnection<Value: Sendable>(
        _ configuration: PostgresStoreConfiguration, _ job: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        let link = PostgresLink(
            configuration, clock: PostgresClock(showing: Timestamp(milliseconds: 0)), entropy: SystemEntropy())
        let result: Result<Value, StoreError> = await withCheckedContinuation { waiter in
            NamedThread.start("store-errand") {
                do {
                    waiter.resume(returning: .success(try job(try PostgresSession.connect(configuration))))
                } catch {
                    waiter.resume(returning: .failure(link.report(error)))
                }
            }
        }
        return try result.get()
    }

    /// Finishes what was begun and closes all connections.
    public func close() async {
        herald.close()
        await tables.close()
        await leaveList()
        await reader.stop()
        if let writer { await writer.stop() }
        anchor?.stop()
        link.close()
    }

    /// Takes this process off the list; one that cannot is taken off by whoever looks a day later.
    private func leaveList() async {
        guard writer != nil, let identity = configuration.identity else { return }
        do {
            try await write { writer in try Runners.leave(try writer.link.session().connection, identity) }
        } catch {
            return
        }
    }

    /// Whether the database could be reached when it was last tried.
    public var isUp: Bool { link.isUp }

    /// Sets the clock, and begins a new life of the data when a person says so.
    private static func begin(
        _ session: PostgresSession, _ link: PostgresLink, _ anchor: AnchorKeeper?
    ) throws(StoreError) -> StoreReincarnation? {
        do {
            let configuration = link.configuration
            let connection = session.connection
            let now = try Lifeline.moment(connection, configuration)
            link.clock.follow(now, between: PostgresClock.monotonic, and: PostgresClock.monotonic)
            guard configuration.afterRestore else { return nil }
            let head = try PostgresAudit.head(connection)
            let standing = try configuration.anchorPath.map { try Anchorage.standing(connection, to: $0) }
            let old = try Lifeline.incarnation(connection).number
            try Lifeline.reincarnate(session, at: now, reason: "restored from a backup")
            let new = try Lifeline.incarnation(connection)
            link.entered(new)
            try anchor?.replace(by: head)
            return StoreReincarnation(old: old, new: new.number, standing: standing ?? .unanchored)
        } catch {
            throw link.report(error)
        }
    }

    // MARK: - The port

    /// Which life of the data this is; it changes when a backup is restored or a standby promoted.
    public func incarnation() async throws(StoreError) -> Incarnation {
        try await read { try Lifeline.incarnation(try $0.connection()) }
    }

    /// Writes a batch durably, each operation by itself.
    ///
    /// - Throws: ``StoreError``: `unavailable` when the database is away, or it is not known whether the batch is
    ///   durable; `misuse` when the batch was impossible.
    public func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult] {
        guard let writer else { throw Self.readOnly }
        if batch.isEmpty { return [] }
        let result: Result<[StoreResult], StoreError> = await withUnsafeContinuation { waiter in
            let request = CommitRequest(batch: batch, lease: lease) { waiter.resume(returning: $0) }
            if let refusal = writer.queue.add(.commit(request), Self.jobClass(of: batch)) {
                waiter.resume(returning: .failure(Self.error(for: refusal)))
            }
        }
        return try result.get()
    }

    /// Reads claimed sagas back, with their journals and the notices that wait for them.
    public func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] {
        let known = try link.takenUp.load(claims, link.journals, at: clock.now())
        let others = zip(claims, known).filter { $0.1 == nil }.map(\.0)
        guard !others.isEmpty else {
            // As reading would: were all that is claimed to go on in one go, the store would idle while they run.
            await Task.yield()
            return known.compactMap { $0 }
        }
        var read = try await read { try $0.load(others) }[...]
        return zip(claims, known).compactMap { claim, saga in
            saga ?? (read.first?.claim == claim ? read.popFirst() : nil)
        }
    }

    /// The earliest moment at which a claim for these flows may find something.
    public func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        let now = clock.now()
        return try await read { try $0.nextWake(for: flows, at: now) }
    }

    /// Seals what has been written since the last seal; `nil` when there is nothing, or another runner is at it.
    public func seal() async throws(StoreError) -> AuditHead? {
        try await write { writer in
            try PostgresAudit.seal(try writer.link.session().connection, writer.configuration)
        }
    }

    /// Has parents looked after when the writing thread comes to it; what fails is tried again with the next batch.
    func lookLater(after parents: [SagaNumber]) {
        _ = writer?.queue.add(
            .job { writer in
                do {
                    try writer.lookAfter(parents)
                } catch {
                    // The database is away; whoever writes next is told.
                    return
                }
            }, .bulk)
    }

    /// Runs a job on the writing thread, in turn with the batches.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresWriter) throws -> Value
    ) async throws(StoreError) -> Value {
        guard let writer else { throw Self.readOnly }
        let result: Result<Value, StoreError> = await withCheckedContinuation { waiter in
            let refusal = writer.queue.add(
                .job { writer in
                    do {
                        waiter.resume(returning: .success(try body(writer)))
                    } catch {
                        if (error as? PostgresError)?.kind == .connection { writer.link.lost() }
                        waiter.resume(returning: .failure(writer.link.report(error)))
                    }
                }, .sagas)
            if let refusal { waiter.resume(returning: .failure(Self.error(for: refusal))) }
        }
        return try result.get()
    }

    /// Reads on the reading thread.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresReader) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { waiter in
            let refusal = reader.queue.add({ reader in waiter.resume(returning: reader.read(body)) }, .sagas)
            if let refusal { waiter.resume(returning: .failure(Self.error(for: refusal))) }
        }
        return try result.get()
    }

    private static let readOnly = StoreError(.misuse, "the store was opened for reading only")

    // MARK: - The writing thread

    /// Does what is waiting. While transactions are written the next one gathers, until it is half as large.
    private static func work(_ item: WriterItem, by writer: PostgresWriter, _ queue: WorkQueue<WriterItem>) {
        var next: WriterItem? = item
        while let item = next {
            switch item {
            case .job(let job):
                writer.finish()
                job(writer)
            case .commit(let first):
                var requests = [first]
                gather(&requests, from: queue)
                while writer.operationsSentLast > 2 * operations(of: requests) {
                    if writer.hasAnswer() { writer.finishOldest() }
                    gather(&requests, from: queue)
                }
                writer.commit(requests)
            }
            next = queue.nextIfReady { _ in true }
            while next == nil, writer.isUnderWay {
                if writer.hasAnswer() { writer.finishOldest() }
                next = queue.nextIfReady { _ in true }
            }
        }
    }

    private static func gather(_ requests: inout [CommitRequest], from queue: WorkQueue<WriterItem>) {
        var operations = operations(of: requests)
        while let next = queue.nextIfReady({ fits($0, beside: operations) }) {
            guard case .commit(let request) = next else { break }
            requests.append(request)
            operations += request.batch.count
        }
    }

    private static func operations(of requests: [CommitRequest]) -> Int {
        requests.reduce(0) { $0 + $1.batch.count }
    }

    private static func fits(_ item: WriterItem, beside operations: Int) -> Bool {
        switch item {
        case .job: false
        case .commit(let request): operations + request.batch.count <= PostgresWriter.mergeLimit
        }
    }

    private static func jobClass(of batch: [StoreOperation]) -> StoreJobClass {
        let holdsNotice = batch.contains { operation in
            if case .notice = operation { true } else { false }
        }
        return holdsNotice ? .webhooks : .sagas
    }

    private static func error<Item>(for refusal: WorkQueue<Item>.Refusal) -> StoreError {
        switch refusal {
        case .full: StoreError(.unavailable, "too much is waiting for the store: try again later")
        case .closed: StoreError(.unavailable, "the store is closed")
        }
    }
}

/// What the parts of one open store share.
struct PostgresParts {
    let configuration: PostgresStoreConfiguration
    let link: PostgresLink
    let herald = PostgresHerald()
    let anchor: AnchorKeeper?

    init(_ configuration: PostgresStoreConfiguration, anchor: AnchorKeeper?, entropy: any Entropy) {
        self.configuration = configuration
        self.anchor = anchor
        link = PostgresLink(
            configuration, clock: PostgresClock(showing: Timestamp(milliseconds: 0)), entropy: entropy, anchor: anchor)
    }
}
