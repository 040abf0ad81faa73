public import SagaEngine

/// The chain of seals over everything that a store holds.
public protocol AuditTrail: Sendable {
    /// The end of the audit chain.
    func auditHead() async throws(StoreError) -> AuditHead

    /// Seals after a number, oldest first.
    func seals(after number: Int64, limit: Int) async throws(StoreError) -> [AuditHead]

    /// Recomputes the whole audit chain, against the anchor too when there is one, and reports the first bad link.
    func verifyAudit(_ reach: AuditReach) async throws(StoreError) -> AuditReport

    /// How the database stands to its anchor.
    func anchorStanding() async throws(StoreError) -> AnchorStanding
}

extension AuditTrail {
    /// Recomputes the whole audit chain, and holds against it whatever can be.
    public func verifyAudit() async throws(StoreError) -> AuditReport { try await verifyAudit(.everything) }
}
