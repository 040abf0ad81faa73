/// Somewhere SQL can be run: whoever owns a connection and the thread it is confined to.
///
/// A daemon lends its store's or its book's single writing thread; a command lends a private database. Each call is
/// one job, so a caller with much to write makes it many calls and others get their turn between them.
public protocol SQLiteExecutor: Sendable {
    /// Runs `job` on the connection's own thread. The job must not keep the connection or its statements.
    func perform<Value: Sendable>(
        _ job: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value
}
