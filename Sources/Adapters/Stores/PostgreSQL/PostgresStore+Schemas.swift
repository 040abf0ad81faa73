public import SagaEngine

/// Whole schemas: for tests, benchmarks and `verify-store`, which make stores and drop them again.
extension PostgresStore {
    private static let findSize = PostgresStatement(
        "schema_size",
        """
        SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1::text AND c.relkind = 'r'
        """)

    /// Drops a schema with everything in it; nothing happens when there is none.
    public static func drop(_ configuration: PostgresStoreConfiguration) async throws(StoreError) {
        try await onConnection(configuration) { connection in
            try connection.execute("DROP SCHEMA IF EXISTS \(PostgresSchema.identifier(configuration.schema)) CASCADE")
        }
    }

    /// How many bytes a schema's tables and indexes take.
    public static func size(_ configuration: PostgresStoreConfiguration) async throws(StoreError) -> Int {
        try await onConnection(configuration) { connection in
            Int(try connection.run(findSize, .text(configuration.schema)).first?.int64(0) ?? 0)
        }
    }
}
