public import SagaEngine

extension PostgresStore {
    /// The end of the audit chain.
    public func auditHead() async throws(StoreError) -> AuditHead {
        try await read { try PostgresAudit.head(try $0.connection()) }
    }

    /// Seals after a number, oldest first.
    public func seals(after number: Int64 = 0, limit: Int) async throws(StoreError) -> [AuditHead] {
        try await read { try PostgresAudit.seals(after: number, limit: limit, try $0.connection()) }
    }
}
