/// Somewhere SQL can be run on tables that are kept beside the sagas: whoever owns connections and their threads.
///
/// Each call is one job, so a caller with much to write makes it many calls and others get their turn between them.
/// A job runs where its connection is confined; it must not keep the connection or anything it was handed by it.
public protocol TableExecutor: Sendable {
    /// Runs a job that may write; what it wrote is durable, as far as the database is, when this returns.
    ///
    /// - Throws: what the job throws, a ``TableError`` among it, or what keeps it from running.
    func write<Value: Sendable>(
        _ urgency: StoreJobClass, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value

    /// Runs a job that only reads, beside those that write; it sees one consistent state.
    ///
    /// - Throws: what keeps it from running, or what became of the job's error.
    func read<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value
}
