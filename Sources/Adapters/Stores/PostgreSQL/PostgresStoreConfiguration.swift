public import SagaEngine

/// Which PostgreSQL database a store is in and what it works with.
public struct PostgresStoreConfiguration: Sendable {
    /// Where the store's moments come from.
    public enum Time: Sendable {
        /// The database's own clock, followed between transactions by this machine's monotonic one.
        case database
        /// A clock that is given, as tests do.
        case given(any SagaClock)
    }

    /// What a commit waits for before it counts as durable: PostgreSQL's `synchronous_commit`. Less is not offered.
    public enum Confirmation: String, Sendable, CaseIterable {
        /// The primary's disk, and the disks of synchronous standbys where there are any.
        case on
        /// The same, and that standbys have applied it.
        case remoteApply = "remote_apply"
    }

    /// The server, database and user, as libpq takes it: a URL or key-value string. Several hosts may be named; only
    /// one that takes writes is used.
    public var url: String
    /// The schema that holds the tables; it is made when it is missing.
    public var schema: String
    /// Where every moment in the store comes from.
    public var time: Time
    /// Who this process is; `nil` for one that only looks, and is not listed.
    public var identity: RunnerIdentity?
    /// What a commit waits for.
    public var confirmation = Confirmation.on
    /// What the audit chain is made with.
    public var digest: any Digest
    /// What understands the records that stages post.
    public var handlers: [any RecordHandler]
    /// What the server's views and log call this process.
    public var application: String
    /// A file on this machine that remembers the newest seal; `nil` for none.
    public var anchorPath: String?
    /// Whether an operator says that the database was restored from a backup: a new life of the data begins.
    public var afterRestore: Bool
    /// The most jobs of one class that wait for a thread; a further one is refused.
    public var queueLimit: Int
    /// How long an answer of the server is waited for while it looks up what became of a commit.
    public var lookUpTime: Span
    /// Whether batches are read and decided while those before them are written, on connections of their own: up to
    /// three at a time.
    public var overlapsBatches = true
    /// How many batches are decided by what they have read after something was remembered wrongly; at least 1.
    var doubtfulBatches = BatchMemory.usualDoubt
    /// How long is waited after a first failure to connect; it doubles up to two seconds.
    public var reconnectPause = Span.milliseconds(50)
    /// How far apart the children that one append starts stand in the queue, so that no family keeps the others
    /// waiting.
    public var childSpacing: Span
    /// Told on the writing thread after each transaction that is durable; for measurements, so it must be quick.
    public var observer: (@Sendable (StoreTransaction) -> Void)?
    /// Told in the same way what each transaction wrote.
    public var scribe: (@Sendable (PostgresScript) -> Void)?

    /// Describes a store.
    public init(
        url: String, schema: String = "saga_runner", time: Time = .database, digest: any Digest,
        handlers: [any RecordHandler] = [], application: String = "saga-runner", anchorPath: String? = nil,
        afterRestore: Bool = false, queueLimit: Int = 4_096, lookUpTime: Span = .seconds(30),
        childSpacing: Span = .milliseconds(1)
    ) {
        self.url = url
        self.schema = schema
        self.time = time
        self.digest = digest
        self.handlers = handlers
        self.application = application
        self.anchorPath = anchorPath
        self.afterRestore = afterRestore
        self.queueLimit = queueLimit
        self.lookUpTime = lookUpTime
        self.childSpacing = childSpacing
    }
}
