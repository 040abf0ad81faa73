public import SagaEngine

/// Sends what transactions wrote once more: what the rows themselves cost, with libpq and nothing else.
public enum PostgresReplay {
    /// Runs scripts in a schema that is there and empty, a round trip and a commit each, and answers how long it took.
    public static func run(
        _ scripts: [PostgresScript], in configuration: PostgresStoreConfiguration
    ) async throws(StoreError) -> Duration {
        try await PostgresStore.onConnection(configuration) { connection in
            let begin = PostgresConnection.Call(Opening.begin)
            let commit = PostgresConnection.Call(Opening.commit)
            return try ContinuousClock().measure {
                for script in scripts { _ = try connection.pipeline([begin] + script.calls + [commit]) }
            }
        }
    }
}
