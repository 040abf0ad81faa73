internal import SagaEngine

/// The tables of a PostgreSQL store, on connections of their own beside the store's.
///
/// What nothing may hold up, what somebody waits for and what takes long are written on three connections, so that none
/// holds up another or the sagas; a fourth one reads. Each is made when it is first needed, and made anew when it was
/// lost.
struct PostgresTableThreads: TableExecutor {
    private let urgent: PostgresTableThread
    private let prompt: PostgresTableThread
    private let bulk: PostgresTableThread
    private let reader: PostgresTableThread

    /// Tables in a store's schema.
    init(_ configuration: PostgresStoreConfiguration) {
        urgent = PostgresTableThread("tables-urgent", configuration, readOnly: false)
        prompt = PostgresTableThread("tables-writer", configuration, readOnly: false)
        bulk = PostgresTableThread("tables-bulk", configuration, readOnly: false)
        reader = PostgresTableThread("tables-reader", configuration, readOnly: true)
    }

    func write<Value: Sendable>(
        _ urgency: StoreJobClass, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        switch urgency {
        case .webhooks: try await urgent.perform(job)
        case .sagas: try await prompt.perform(job)
        case .bulk: try await bulk.perform(job)
        }
    }

    func read<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await reader.perform(job)
    }

    /// Closes the connections, once what was begun is done.
    func close() async {
        for thread in [urgent, prompt, bulk, reader] { await thread.close() }
    }
}

/// One connection to tables on a thread of its own.
actor PostgresTableThread {
    private let executor: ThreadExecutor
    private let configuration: PostgresStoreConfiguration
    private let isReadOnly: Bool
    private var tables: PostgresTables?
    private var isClosed = false

    init(_ name: String, _ configuration: PostgresStoreConfiguration, readOnly: Bool) {
        executor = ThreadExecutor(name: name)
        self.configuration = configuration
        isReadOnly = readOnly
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func perform<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) throws -> Value {
        guard !isClosed else { throw StoreError(.unavailable, "the store is closed") }
        // A server that was started anew has ended the connections that nobody used, each of which would else cost the
        // next job its success.
        if tables?.connection.hasEnded() == true { tables = nil }
        let tables = try tables ?? connect()
        self.tables = tables
        do {
            let value = isReadOnly ? try tables.snapshot { try job(tables) } : try job(tables)
            guard try tables.settle() else { return value }
            throw StoreError(.misuse, "a job left its transaction open; it was rolled back")
        } catch {
            // What is open goes with the connection when it cannot be rolled back any more.
            if !isSettled(tables) { self.tables = nil }
            throw error
        }
    }

    private func isSettled(_ tables: PostgresTables) -> Bool {
        do {
            _ = try tables.settle()
            return tables.connection.isAlive
        } catch {
            return false
        }
    }

    func close() {
        isClosed = true
        tables = nil
    }

    private func connect() throws -> PostgresTables {
        let connection = try PostgresSession.connect(configuration, readOnly: isReadOnly)
        // Unlike the sagas' statements, some of these read a whole file's rows, and take their time.
        try connection.execute(
            """
            SET enable_seqscan = on;
            SET enable_hashjoin = on;
            SET enable_mergejoin = on;
            SET plan_cache_mode = auto;
            SET statement_timeout = '30min';
            """)
        return PostgresTables(connection)
    }
}
