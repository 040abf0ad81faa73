internal import Foundation
public import SagaEngine

extension SQLiteStore {
    /// Opens a store, making the file when it is missing and taking the schema's missing steps.
    ///
    /// - Throws: ``StoreError``: `unavailable` when another process holds it (the message says which); `misuse` when
    ///   the schema is newer than this program, the database older than its anchor, gone beside it, or none at all.
    public static func open(_ configuration: SQLiteStoreConfiguration) async throws(StoreError) -> SQLiteStore {
        try refuseGone(configuration)
        let lock = try StoreLock.take(
            for: configuration.path, address: configuration.address, since: configuration.clock.now())
        do {
            return try await open(configuration, lock)
        } catch {
            lock.release()
            throw error
        }
    }

    /// Opens a store that no process holds, for reading only: nothing is migrated, written or anchored.
    public static func openForReading(
        _ configuration: SQLiteStoreConfiguration
    ) async throws(StoreError) -> SQLiteStore {
        try refuseGone(configuration)
        let lock = try StoreLock.share(for: configuration.path)
        do {
            let parts = StoreParts(configuration: configuration, health: StoreHealth(), sealed: { _ in })
            return SQLiteStore(parts, lock, nil, nil, try await startReader(parts, access: .readOnly))
        } catch {
            lock.release()
            throw error
        }
    }

    /// Takes the schema's missing steps in a file that no process holds, and answers which.
    public static func migrate(_ configuration: SQLiteStoreConfiguration) async throws(StoreError) -> [SQLiteMigration]
    {
        try refuseGone(configuration)
        let lock = try StoreLock.take(
            for: configuration.path, address: configuration.address, since: configuration.clock.now())
        defer { lock.release() }
        do {
            return try await SQLiteThread(name: "store-migrator") {
                try Self.connect(configuration)
            }.perform { try SQLiteSchema.migrate($0) }
        } catch {
            throw failure(error, opening: configuration, StoreHealth())
        }
    }

    private static func open(
        _ configuration: SQLiteStoreConfiguration, _ lock: StoreLock
    ) async throws(StoreError) -> SQLiteStore {
        let anchor = try configuration.anchorPath.map { (path) throws(StoreError) in try AnchorKeeper(path: path) }
        let parts = StoreParts(
            configuration: configuration, health: StoreHealth(), sealed: { anchor?.note($0) })
        let reincarnation = Locked<StoreReincarnation?>(nil)
        let writer = try await startWriter(parts, anchor, reincarnation)
        do {
            let reader = try await startReader(parts, access: .readWrite)
            return SQLiteStore(parts, lock, anchor, writer, reader, reincarnation.withLock { $0 })
        } catch {
            await writer.stop()
            anchor?.stop()
            throw error
        }
    }

    private static func startWriter(
        _ parts: StoreParts, _ anchor: AnchorKeeper?, _ reincarnation: Locked<StoreReincarnation?>
    ) async throws(StoreError) -> WriterThread {
        try await WriterThread.start(
            name: "store-writer", limit: parts.configuration.queueLimit,
            resident: { () throws(StoreError) in try makeWriter(parts, anchor, reincarnation) },
            work: { writer, item, queue in work(item, by: writer, queue) })
    }

    private static func makeWriter(
        _ parts: StoreParts, _ anchor: AnchorKeeper?, _ reincarnation: Locked<StoreReincarnation?>
    ) throws(StoreError) -> SQLiteWriter {
        do {
            let connection = try connect(parts.configuration)
            _ = try SQLiteSchema.migrate(connection)
            try DatabaseFile.checkLength(of: connection, at: parts.configuration.path)
            let now = parts.configuration.clock.now()
            try SQLiteMeta.begin(connection, at: now)
            let tail = try SQLiteMeta.tail(connection)
            let standing = try parts.configuration.anchorPath.map {
                try AnchorStanding(try AuditAnchor.read(from: $0), at: $0, to: connection)
            }
            if parts.configuration.afterRestore {
                let old = try SQLiteMeta.incarnation(connection).number
                try SQLiteMeta.reincarnate(connection, at: now, reason: "restored from a backup")
                try anchor?.replace(by: tail.head)
                let new = try SQLiteMeta.incarnation(connection).number
                reincarnation.withLock {
                    $0 = StoreReincarnation(old: old, new: new, standing: standing ?? .unanchored)
                }
            } else if let standing {
                try anchor?.check(standing, of: tail.head)
            }
            try ClaimDesk.putBack(connection, at: now)
            return try SQLiteWriter(connection, parts, tail: tail)
        } catch {
            throw failure(error, opening: parts.configuration, parts.health)
        }
    }

    private static func startReader(
        _ parts: StoreParts, access: SQLiteConnection.Access
    ) async throws(StoreError) -> ReaderThread {
        try await ReaderThread.start(
            name: "store-reader", limit: parts.configuration.queueLimit,
            resident: { () throws(StoreError) in
                do {
                    let connection = try SQLiteConnection(path: parts.configuration.path, access: access)
                    try connection.execute(
                        """
                        PRAGMA query_only = ON;
                        PRAGMA cache_size = -\(parts.configuration.readerCacheKibibytes);
                        """)
                    try SQLiteSchema.refuseOther(try SQLiteSchema.version(of: connection))
                    return try SQLiteReader(connection, parts.desk)
                } catch {
                    throw failure(error, opening: parts.configuration, parts.health)
                }
            },
            work: { reader, job, _ in job(reader) })
    }

    /// The error to report for one that an opening met: what is no database at all has not failed under us.
    private static func failure(
        _ error: any Error, opening configuration: SQLiteStoreConfiguration, _ health: StoreHealth
    ) -> StoreError {
        guard let error = error as? SQLiteError, error.kind == .notADatabase else { return health.report(error) }
        return DatabaseFile.none(configuration.path)
    }

    /// Refuses to make a database anew where one is gone: its anchor still remembers what was in it.
    private static func refuseGone(_ configuration: SQLiteStoreConfiguration) throws(StoreError) {
        try DatabaseFile.refuseOther(configuration.path)
        var status = stat()
        guard stat(configuration.path, &status) == 0 ? status.st_size == 0 : errno == ENOENT,
            let path = configuration.anchorPath, let anchor = try AuditAnchor.read(from: path)
        else { return }
        throw StoreError(
            .misuse,
            "the database \(configuration.path) is gone, while its anchor \(path) stands (seal \(anchor.seal)): put the "
                + "database or a backup back (docs/operating/restoring.md); to begin a new store, move the anchor away")
    }

    private static func connect(_ configuration: SQLiteStoreConfiguration) throws -> SQLiteConnection {
        let connection = try SQLiteConnection(path: configuration.path)
        try SQLiteSchema.refuseNewer(try SQLiteSchema.version(of: connection))
        let mode = try connection.firstRow("PRAGMA journal_mode = WAL") { $0.text(0) }
        guard mode == "wal" else {
            throw StoreError(.unavailable, "\(configuration.path) cannot be written ahead: use a local disk")
        }
        // No foreign keys: whatever refers to a saga is written after its row was looked at, in one transaction, and
        // the check would look at it again for every entry. Tests and the judges of broken disks check them all.
        try connection.execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = OFF;
            PRAGMA temp_store = FILE;
            PRAGMA cache_size = -\(configuration.writerCacheKibibytes);
            PRAGMA wal_autocheckpoint = 1000;
            PRAGMA journal_size_limit = 67108864;
            """)
        return connection
    }

    /// Carries out what was next in the queue; batches that wait behind a batch share its transaction.
    private static func work(_ item: WriterItem, by writer: SQLiteWriter, _ queue: WorkQueue<WriterItem>) {
        switch item {
        case .job(let isBeside, let job): writer.lend(isBeside: isBeside, to: job)
        case .commit(let first):
            var requests = [first]
            var operations = first.batch.count
            while let next = queue.nextIfReady({ fits($0, beside: operations) }) {
                guard case .commit(let request) = next else { break }
                requests.append(request)
                operations += request.batch.count
            }
            writer.commit(requests)
        }
    }

    private static func fits(_ item: WriterItem, beside operations: Int) -> Bool {
        switch item {
        case .job: false
        case .commit(let request): operations + request.batch.count <= SQLiteWriter.mergeLimit
        }
    }
}
