/// A connection on a thread of its own.
public actor SQLiteThread {
    private let executor: ThreadExecutor
    private let open: @Sendable () throws -> SQLiteConnection
    private var connection: SQLiteConnection?

    /// A thread that opens its connection by `open` when it is first needed.
    public init(name: String, open: @escaping @Sendable () throws -> SQLiteConnection) {
        executor = ThreadExecutor(name: name)
        self.open = open
    }

    /// The thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Runs `job` on the thread.
    public func perform<Value: Sendable>(
        _ job: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        if let connection { return try job(connection) }
        let opened = try open()
        connection = opened
        return try job(opened)
    }

    /// A private temporary database in `TMPDIR`, gone with this object and even when the process is killed: SQLite
    /// unlinks the file as soon as it is open.
    ///
    /// Nothing in it outlives a crash, so nothing is synced; changes can be rolled back, from memory.
    public static func temporary(name: String, cacheKibibytes: Int = 32 * 1_024) -> SQLiteThread {
        SQLiteThread(name: name) {
            let connection = try SQLiteConnection(path: "")
            try connection.execute(
                """
                PRAGMA page_size = 8192;
                PRAGMA journal_mode = MEMORY;
                PRAGMA synchronous = OFF;
                PRAGMA secure_delete = OFF;
                PRAGMA temp_store = FILE;
                PRAGMA locking_mode = EXCLUSIVE;
                PRAGMA cache_size = -\(cacheKibibytes);
                """)
            return connection
        }
    }
}

/// Tables of whoever has the thread for himself: jobs of every urgency, and those that read, come one after the other.
extension SQLiteThread: TableExecutor {
    /// Runs a job on the thread.
    public func write<Value: Sendable>(
        _ urgency: StoreJobClass, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await perform { try job(SQLiteTables($0)) }
    }

    /// Runs a job on the thread.
    public func read<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await perform { try job(SQLiteTables($0)) }
    }
}
