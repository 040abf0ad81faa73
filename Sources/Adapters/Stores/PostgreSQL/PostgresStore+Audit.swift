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

    /// Recomputes the whole audit chain, against the anchor too when there is one, and reports the first bad link.
    ///
    /// It goes through the store in short reads, so that others are served in between. What was written since the last
    /// seal, a second or so, waits for the next one.
    public func verifyAudit() async throws(StoreError) -> AuditReport {
        // The anchor first: the chain can only be longer by the time it is read.
        let anchor = try configuration.anchorPath.flatMap { (path) throws(StoreError) in
            try AuditAnchor.read(from: path)
        }
        let digest = configuration.digest
        let store = try await auditHead().store
        var verifier = AuditVerifier(store: store, digest: digest, anchor: anchor)
        var upto: [Int64: Int64] = [:]
        var isDone = false
        while !isDone {
            let (before, known) = (verifier, upto)
            (verifier, upto, isDone) = try await read { reader in
                try PostgresAudit.verifySeals(by: before, known, in: try reader.connection())
            }
        }
        var last: SagaNumber? = 0
        while let number = last, verifier.report.fault == nil {
            let before = verifier
            (verifier, last) = try await read { reader in
                try PostgresAudit.verifyRows(after: number, by: before, in: try reader.connection())
            }
        }
        return verifier.finished()
    }
}
