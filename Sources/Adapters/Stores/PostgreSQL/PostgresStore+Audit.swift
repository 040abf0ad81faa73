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
    public func verifyAudit(_ reach: AuditReach) async throws(StoreError) -> AuditReport {
        // The anchor first: the chain can only be longer by the time it is read.
        let path = configuration.anchorPath
        let anchor = try await read { reader in
            try path.flatMap { try Anchorage.current(try reader.connection(), at: $0) }
        }
        let digest = configuration.digest
        let store = try await auditHead().store
        var verifier = AuditVerifier(store: store, digest: digest, anchor: anchor, reach: reach)
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
        var lastEvidence: (SagaNumber, Int64)? = reach == .everything ? (0, 0) : nil
        while let place = lastEvidence, verifier.report.fault == nil {
            let before = verifier
            (verifier, lastEvidence) = try await read { reader in
                try PostgresAudit.verifyEvidence(after: place, by: before, in: try reader.connection())
            }
        }
        return verifier.finished()
    }

    /// Gives everything that was sealed up to a moment as the lines of an archive (``AuditArchive``), verifying it on
    /// the way: what does not hold is not archived, and ends it.
    ///
    /// - Parameters:
    ///   - moment: The last seal's moment at most.
    ///   - write: Takes the next lines; what it throws ends the archive.
    /// - Returns: how far the chain holds, and its first bad link if there is one.
    /// - Throws: ``StoreError`` when the database is away, and what `write` throws.
    public func archive(upTo moment: Timestamp, _ write: ([UInt8]) async throws -> Void) async throws -> AuditReport {
        let store = try await auditHead().store
        var verifier = AuditVerifier(store: store, digest: configuration.digest, anchor: nil)
        try await write(ArchiveLine.heading(of: store).bytes() + [UInt8(ascii: "\n")])
        var upto: [Int64: Int64] = [:]
        var isDone = false
        while !isDone {
            let (before, known) = (verifier, upto)
            let lines: [UInt8]
            (verifier, upto, isDone, lines) = try await read { reader in
                var lines: [UInt8] = []
                func add(_ line: JSONValue) {
                    lines += line.bytes()
                    lines.append(UInt8(ascii: "\n"))
                }
                let (verifier, upto, isDone) = try PostgresAudit.verifySeals(
                    by: before, known, in: try reader.connection(), wanted: { $0 <= moment.milliseconds },
                    taken: { seal, entries, prints in
                        add(ArchiveLine.seal(seal, entries: entries.count, prints: prints.count))
                        for entry in entries { add(ArchiveLine.entry(entry)) }
                        for print in prints { add(ArchiveLine.print(print)) }
                    })
                return (verifier, upto, isDone, lines)
            }
            if !lines.isEmpty { try await write(lines) }
        }
        return verifier.report
    }
}
