import SagaEngine

@testable import Adapters

/// Tables whose user stands still where a test wants it: before one of its jobs, or right before a job's commit.
final class HaltingTables: TableExecutor {
    private let tables: any TableExecutor
    private let jobs = Locked(0)
    private let before: @Sendable (Int) async throws -> Void
    private let beforeCommit: (@Sendable (Int) -> Void)?

    /// Calls a hook before each job that writes, with its number from 1.
    init(_ tables: any TableExecutor, before: @escaping @Sendable (Int) async throws -> Void) {
        self.tables = tables
        self.before = before
        beforeCommit = nil
    }

    /// Runs each job that writes in a transaction, and calls a hook on its thread before the commit.
    init(_ tables: any TableExecutor, beforeCommit: @escaping @Sendable (Int) -> Void) {
        self.tables = tables
        before = { _ in }
        self.beforeCommit = beforeCommit
    }

    /// How many jobs have begun.
    var count: Int { jobs.withLock { $0 } }

    func write<Value: Sendable>(
        _ urgency: StoreJobClass, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        let number = jobs.withLock { count in
            count += 1
            return count
        }
        try await before(number)
        guard let beforeCommit else { return try await tables.write(urgency, job) }
        return try await tables.write(urgency) { connection in
            try connection.atomically {
                let value = try job(connection)
                beforeCommit(number)
                return value
            }
        }
    }

    func read<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await tables.read(job)
    }
}

/// A place where one task stands still until another lets it go on.
actor Crossing {
    private var isOpen = false
    private var isReached = false
    private var standing: CheckedContinuation<Void, Never>?
    private var watching: CheckedContinuation<Void, Never>?

    /// Stands still until it is open.
    func stop() async {
        reach()
        if isOpen { return }
        await withCheckedContinuation { standing = $0 }
    }

    /// Says that the one who is expected stands here, or will not come any more.
    func reach() {
        isReached = true
        watching?.resume()
        watching = nil
    }

    /// Returns once somebody stands here, or is known not to come.
    func reached() async {
        if isReached { return }
        await withCheckedContinuation { watching = $0 }
    }

    /// Lets the one who stands here go on.
    func open() {
        isOpen = true
        standing?.resume()
        standing = nil
    }
}
