internal import Dispatch
public import SagaEngine

/// The durable store: one SQLite file, one process, one writing connection on a thread of its own.
///
/// Writing is WAL with `synchronous=FULL`: what `commit` has returned survives a power cut. Reading goes through a
/// second, `query_only` connection on another thread. Close it before the process ends.
public final class SQLiteStore: ServiceStore {
    /// What waits at the writer.
    enum WriterItem: Sendable {
        case commit(CommitRequest)
        /// A job, and whether it leaves the tables of sagas alone.
        case job(isBeside: Bool, @Sendable (SQLiteConnection) -> Void)
    }

    typealias WriterThread = ResidentThread<SQLiteWriter, WriterItem>
    typealias ReaderThread = ResidentThread<SQLiteReader, @Sendable (SQLiteReader) -> Void>

    /// The clock that every moment in the store comes from.
    public let clock: any SagaClock
    let configuration: SQLiteStoreConfiguration
    let health: StoreHealth
    private let desk: ClaimDesk
    let claimed: ClaimedSagas
    /// `nil` when the store was opened for reading only.
    let writer: WriterThread?
    let reader: ReaderThread
    let anchor: AnchorKeeper?
    /// The life of the data that began when the store was opened; `nil` when it goes on in the one it was in.
    public let reincarnation: StoreReincarnation?
    /// There are none: the one runner counts by itself.
    public var stakes: (any StakeBook)? { nil }
    private let lock: StoreLock

    init(
        _ parts: StoreParts, _ lock: StoreLock, _ anchor: AnchorKeeper?, _ writer: WriterThread?,
        _ reader: ReaderThread, _ reincarnation: StoreReincarnation? = nil
    ) {
        configuration = parts.configuration
        clock = parts.configuration.clock
        health = parts.health
        desk = parts.desk
        claimed = parts.claimed
        self.lock = lock
        self.anchor = anchor
        self.writer = writer
        self.reader = reader
        self.reincarnation = reincarnation
    }

    /// Finishes what was begun, anchors the newest seal, closes the file and gives the lock back.
    public func close() async {
        // The writer last: closing the last connection writes the log back into the file.
        await reader.stop()
        if let writer { await writer.stop() }
        // What is loaded from now on may be somebody else's.
        claimed.forget()
        anchor?.stop()
        lock.release()
    }

    /// Which life of the data this is; it changes when a backup is restored.
    public func incarnation() async throws(StoreError) -> Incarnation {
        try await runOnReader { try SQLiteMeta.incarnation($0.connection) }
    }

    /// Writes a batch durably, each operation by itself.
    ///
    /// - Throws: ``StoreError``: `damaged` when nothing can be written any more and the process must stop;
    ///   `unavailable` when nothing was written and it may be tried again; `misuse` when the batch was impossible.
    public func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult] {
        guard let writer else { throw Self.readOnly }
        if batch.isEmpty { return [] }
        // Unchecked: a request is finished once, by the writer that took it or here when none did.
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
        try health.check()
        var loaded = claimed.take(claims)
        let others = zip(claims, loaded).compactMap { claim, known in known == nil ? claim : nil }
        if !others.isEmpty {
            var read = try await runOnReader { reader in try others.map { try reader.load($0) } }.makeIterator()
            for index in loaded.indices where loaded[index] == nil { loaded[index] = read.next() ?? nil }
        }
        return loaded.compactMap { saga in saga.flatMap { desk.isGood($0.claim) ? $0 : nil } }
    }

    /// The earliest moment at which a claim for these flows may find something.
    public func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        let now = clock.now()
        return try await runOnReader { try $0.nextWake(for: flows, at: now) }
    }

    /// Runs a job on the writing connection, in turn with the batches. Keep it short: nothing else is written
    /// meanwhile.
    ///
    /// - Throws: what the job throws; ``StoreError`` when the store cannot take it, or its transaction is left open.
    public func runOnWriter<Value: Sendable>(
        _ jobClass: StoreJobClass = .bulk, _ job: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await runOnWriter(jobClass, isBeside: false, job)
    }

    private func runOnWriter<Value: Sendable>(
        _ jobClass: StoreJobClass, isBeside: Bool, _ job: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        guard let writer else { throw Self.readOnly }
        let health = health
        let result: Result<Value, any Error> = await withCheckedContinuation { waiter in
            let item = WriterItem.job(isBeside: isBeside) { connection in
                waiter.resume(returning: Result { try Self.run(job, on: connection, health) })
            }
            if let refusal = writer.queue.add(item, jobClass) {
                waiter.resume(returning: .failure(Self.error(for: refusal)))
            }
        }
        return try result.get()
    }

    /// Reads on the reading thread, in a transaction of its own.
    func runOnReader<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteReader) throws -> Value
    ) async throws(StoreError) -> Value {
        let health = health
        let result: Result<Value, StoreError> = await withCheckedContinuation { waiter in
            let refusal = reader.queue.add({ waiter.resume(returning: Self.read(body, by: $0, health)) }, .sagas)
            if let refusal { waiter.resume(returning: .failure(Self.error(for: refusal))) }
        }
        return try result.get()
    }

    private static func read<Value>(
        _ body: (SQLiteReader) throws -> Value, by reader: SQLiteReader, _ health: StoreHealth
    ) -> Result<Value, StoreError> {
        do {
            try health.check()
            return .success(try reader.read(body))
        } catch {
            return .failure(health.report(error))
        }
    }

    private static func run<Value>(
        _ job: (SQLiteConnection) throws -> Value, on connection: SQLiteConnection, _ health: StoreHealth
    ) throws -> Value {
        try health.check()
        do {
            let value = try job(connection)
            guard connection.isInTransaction else { return value }
            try connection.execute("ROLLBACK")
            throw StoreError(.misuse, "a job left its transaction open; it was rolled back")
        } catch {
            // The caller gets its own error; the store takes note when the disk has failed under it.
            if error is SQLiteError { _ = health.report(error) }
            if connection.isInTransaction { try connection.execute("ROLLBACK") }
            throw error
        }
    }

    private static let readOnly = StoreError(.misuse, "the store was opened for reading only")

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

/// One process has the whole store, and its writer does all there is to do.
extension SQLiteStore {
    /// It never is: the file's lock sees to that.
    public var isShared: Bool { false }

    /// None: it is not shared.
    public func runners() async throws(StoreError) -> [RunnerSighting] { [] }

    /// Nothing: the writer seals as it commits, and wakes its own.
    public func attend(ring: @escaping @Sendable () -> Void) async {}
}

/// The store's threads, lent to whoever keeps tables of its own beside the sagas.
extension SQLiteStore {
    /// Runs a job on the writing connection, behind everything more urgent. It must leave the tables of sagas and their
    /// notices alone: what is known of those is kept.
    public func write<Value: Sendable>(
        _ urgency: StoreJobClass, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await runOnWriter(urgency, isBeside: true) { try job(SQLiteTables($0)) }
    }

    /// Runs a job on the reading connection, in a transaction of its own.
    public func read<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        try await runOnReader { (reader: SQLiteReader) in try job(SQLiteTables(reader.connection)) }
    }
}
