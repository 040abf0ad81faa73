public import SagaEngine

/// Where a store's database is and what it works with.
public struct SQLiteStoreConfiguration: Sendable {
    /// The database file; `-wal`, `-shm` and `.lock` stand beside it.
    public var path: String
    /// The clock that every moment in the store comes from.
    public var clock: any SagaClock
    /// What the audit chain is made with.
    public var digest: any Digest
    /// What understands the records that stages post.
    public var handlers: [any RecordHandler]
    /// A file outside the database, best on another disk, that remembers the newest seal; `nil` for none.
    public var anchorPath: String?
    /// Whether an operator says that the database was restored from a backup: a new life of the data begins.
    public var afterRestore: Bool
    /// Where the process that holds the store can be spoken to, for commands that find it locked.
    public var address: String
    /// No batch begins while the disk has less free, in bytes; 0 does not look.
    public var minimumFreeBytes: Int64
    /// How much of the database the writer keeps in memory, in KiB; the kernel's cache stands behind it.
    public var writerCacheKibibytes: Int
    /// How much of the database the reader keeps in memory, in KiB.
    public var readerCacheKibibytes: Int
    /// The most jobs of one class that wait for a thread; a further one is refused.
    public var queueLimit: Int
    /// The most sagas that a notice has woken and nobody has claimed yet which are held in memory, some 50 bytes each;
    /// the rows of any more say that they are ready.
    public var wokenLimit = 65_536
    /// Told on the writing thread after each transaction that is durable; for measurements, so it must be quick.
    public var observer: (@Sendable (StoreTransaction) -> Void)?

    /// Describes a store.
    public init(
        path: String, clock: any SagaClock, digest: any Digest, handlers: [any RecordHandler] = [],
        anchorPath: String? = nil, afterRestore: Bool = false, address: String = "",
        minimumFreeBytes: Int64 = 16 << 20, writerCacheKibibytes: Int = 12 << 10,
        readerCacheKibibytes: Int = 4 << 10, queueLimit: Int = 4_096
    ) {
        self.path = path
        self.clock = clock
        self.digest = digest
        self.handlers = handlers
        self.anchorPath = anchorPath
        self.afterRestore = afterRestore
        self.address = address
        self.minimumFreeBytes = minimumFreeBytes
        self.writerCacheKibibytes = writerCacheKibibytes
        self.readerCacheKibibytes = readerCacheKibibytes
        self.queueLimit = queueLimit
    }
}

/// What the parts of one open store share.
struct StoreParts: Sendable {
    let configuration: SQLiteStoreConfiguration
    let health: StoreHealth
    let desk: ClaimDesk
    let claimed = ClaimedSagas()
    /// Told after each commit that sealed something.
    let sealed: @Sendable (AuditHead) -> Void

    init(
        configuration: SQLiteStoreConfiguration, health: StoreHealth, sealed: @escaping @Sendable (AuditHead) -> Void
    ) {
        self.configuration = configuration
        self.health = health
        desk = ClaimDesk(wokenLimit: configuration.wokenLimit)
        self.sealed = sealed
    }
}
