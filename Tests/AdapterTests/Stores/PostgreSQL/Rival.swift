import SagaTestKit
import Testing

@testable import Adapters

/// Somebody else at the same tables, on a connection of its own.
final class Rival {
    private let connection: PostgresConnection
    private let watcher: PostgresConnection

    init(in schema: ScratchSchema) throws {
        let url = try #require(ScratchSchema.url)
        connection = try PostgresConnection(url: url, application: "saga-runner tests")
        watcher = try PostgresConnection(url: url, application: "saga-runner tests")
        for connection in [connection, watcher] {
            try connection.execute("SET client_min_messages = warning; SET search_path = \(schema.name)")
        }
    }

    /// The number of a saga, as a query.
    static func number(of saga: String) -> String { "SELECT number FROM saga WHERE id = '\(saga)'" }

    func run(_ script: String) throws { try connection.execute(script) }

    /// Waits until a connection waits for a lock that this one holds.
    func untilSomebodyWaits() async throws {
        try await until(
            "SELECT count(*) FROM pg_stat_activity WHERE \(connection.backend) = ANY(pg_blocking_pids(pid))")
    }

    /// Waits until a count is above zero.
    func until(_ query: String) async throws {
        let statement = PostgresStatement("rival_\(query)", query)
        for _ in 0..<30_000 {
            if try watcher.run(statement).first?.int64(0) ?? 0 > 0 { return }
            await Task.yield()
        }
        throw LawBroken("it never comes true: \(query)")
    }
}
