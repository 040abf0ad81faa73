public import SagaEngine

extension SQLiteStore {
    /// The end of the audit chain.
    public func auditHead() async throws(StoreError) -> AuditHead {
        try await runOnReader { try SQLiteMeta.head($0.connection) }
    }

    /// Seals after a number, oldest first.
    public func seals(after number: Int64 = 0, limit: Int) async throws(StoreError) -> [AuditHead] {
        try await runOnReader { reader in
            let store = try SQLiteMeta.store(reader.connection)
            var seals: [AuditHead] = []
            try reader.connection.forEachRow(
                "SELECT number, at, link FROM seal WHERE number > ? ORDER BY number LIMIT ?", .integer(number),
                .integer(Int64(max(0, limit)))
            ) { row in
                seals.append(
                    AuditHead(
                        store: store, number: row.int64(0), at: Timestamp(milliseconds: row.int64(1)),
                        link: row.link(2)))
            }
            return seals
        }
    }

    /// Recomputes the whole audit chain, against the anchor too when there is one, and reports the first bad link.
    ///
    /// It goes through the store in short reads, so that others are served in between; what is written meanwhile may
    /// or may not be looked at.
    public func verifyAudit(_ reach: AuditReach) async throws(StoreError) -> AuditReport {
        // The anchor first: the chain can only be longer by the time it is read.
        let anchor = try configuration.anchorPath.flatMap { (path) throws(StoreError) in
            try AuditAnchor.read(from: path)
        }
        let digest = configuration.digest
        let store = try await runOnReader { try SQLiteMeta.store($0.connection) }
        var verifier = AuditVerifier(store: store, digest: digest, anchor: anchor, reach: reach)
        var isDone = false
        while !isDone {
            let before = verifier
            (verifier, isDone) = try await runOnReader { try AuditReading.verifySeals(by: before, in: $0) }
        }
        var last: SagaNumber? = 0
        while let number = last, verifier.report.fault == nil {
            let before = verifier
            (verifier, last) = try await runOnReader { try AuditReading.verifyRows(after: number, by: before, in: $0) }
        }
        var lastEvidence: Int64? = reach == .everything ? 0 : nil
        while let number = lastEvidence, verifier.report.fault == nil {
            let before = verifier
            (verifier, lastEvidence) = try await runOnReader {
                try AuditReading.verifyEvidence(after: number, by: before, in: $0)
            }
        }
        return verifier.finished()
    }

    /// How the database stands to its anchor.
    public func anchorStanding() async throws(StoreError) -> AnchorStanding {
        guard let path = configuration.anchorPath else { return .unanchored }
        // The anchor first: the chain can only be longer by the time it is read.
        let anchor = try AuditAnchor.read(from: path)
        return try await runOnReader { try AnchorStanding(anchor, at: path, to: $0.connection) }
    }
}

/// Feeds the verifier from the database, a bounded number of rows at a time.
enum AuditReading {
    /// How many seals or rows one read looks at.
    static let pageSize = 32

    /// Verifies the next seals; whether there is nothing more to verify.
    static func verifySeals(by verifier: AuditVerifier, in reader: SQLiteReader) throws -> (AuditVerifier, Bool) {
        var verifier = verifier
        var seals: [AuditedSeal] = []
        try reader.connection.forEachRow(
            "SELECT number, at, entry, print, link FROM seal WHERE number > ? ORDER BY number LIMIT ?",
            .integer(verifier.report.head.number), .integer(Int64(pageSize))
        ) { row in
            seals.append(
                AuditedSeal(
                    number: row.int64(0), at: row.int64(1), lastEntry: row.int64(2), lastPrint: row.int64(3),
                    link: row.blob(4)))
        }
        for seal in seals {
            let entries = try entries(after: verifier.lastEntry, upTo: seal.lastEntry, in: reader)
            let prints = try prints(after: verifier.lastPrint, upTo: seal.lastPrint, in: reader)
            guard verifier.take(seal, entries, prints) else { return (verifier, true) }
        }
        guard seals.count < pageSize else { return (verifier, false) }
        let unsealed = try reader.connection.firstRow(
            "SELECT (SELECT count(*) FROM journal WHERE number > ?), (SELECT count(*) FROM print WHERE number > ?)",
            .integer(verifier.lastEntry), .integer(verifier.lastPrint)
        ) { (Int($0.int64(0)), Int($0.int64(1))) }
        verifier.finish(unsealedEntries: unsealed?.0 ?? 0, unsealedPrints: unsealed?.1 ?? 0)
        return (verifier, true)
    }

    /// Verifies the next sagas' rows; the last one's number, or `nil` when there is none left.
    static func verifyRows(
        after number: SagaNumber, by verifier: AuditVerifier, in reader: SQLiteReader
    ) throws -> (AuditVerifier, SagaNumber?) {
        var verifier = verifier
        var last: SagaNumber?
        let find = try reader.connection.statement(
            """
            SELECT s.number, s.id, f.name, f.version, s.input, t.sequence, t.head, t.status, t.output,
                j.sequence, j.kind, j.body, j.link
            FROM saga s LEFT JOIN progress t ON t.number = s.number LEFT JOIN flow f ON f.number = s.flow
                LEFT JOIN journal j ON j.saga = s.number
                    AND j.sequence = (SELECT max(sequence) FROM journal WHERE saga = s.number)
            WHERE s.number > ? ORDER BY s.number LIMIT ?
            """)
        try find.bind(1, number)
        try find.bind(2, Int64(pageSize))
        defer { find.reset() }
        while try find.step() {
            last = find.int64(0)
            let end =
                find.isNull(9)
                ? nil
                : AuditedRow.Last(
                    sequence: find.int64(9), kind: find.int64(10), body: find.blob(11), link: find.blob(12))
            let row = AuditedRow(
                id: find.text(1), flow: find.isNull(2) ? nil : FlowID(name: find.text(2), version: Int(find.int64(3))),
                input: find.blob(4), sequence: find.int64(5), head: find.blob(6), status: find.int64(7),
                output: find.isNull(8) ? nil : find.blob(8), last: end)
            guard verifier.take(row) else { return (verifier, nil) }
        }
        return (verifier, last)
    }

    /// Holds the next entries that notices are the reason for against the inbox; the last one's number, or `nil` when
    /// there is none left.
    static func verifyEvidence(
        after number: Int64, by verifier: AuditVerifier, in reader: SQLiteReader
    ) throws -> (AuditVerifier, Int64?) {
        var verifier = verifier
        var last: Int64?
        let find = try reader.connection.statement(
            """
            SELECT j.number, s.id, j.sequence, j.kind, j.body, n.standing, n.id, n.claim, n.reference
            FROM journal j JOIN saga s ON s.number = j.saga
                LEFT JOIN notice n ON n.saga = j.saga AND n.number = coalesce(
                    json_extract(CAST(j.body AS TEXT), '$.number'), json_extract(CAST(j.body AS TEXT), '$.notice'))
            WHERE j.number > ? AND j.kind IN (\(EntryKind.notice.rawValue), \(EntryKind.refused.rawValue))
            ORDER BY j.number LIMIT ?
            """)
        try find.bind(1, number)
        try find.bind(2, Int64(pageSize))
        defer { find.reset() }
        while try find.step() {
            last = find.int64(0)
            let notice =
                find.isNull(5)
                ? nil
                : AuditedEvidence.InboxRow(
                    standing: find.int64(5), id: find.text(6),
                    claim: find.blob(7).withUnsafeBytes { ClaimText.read($0, reference: find.text(8)) })
            let evidence = AuditedEvidence(
                saga: find.text(1), sequence: find.int64(2), kind: find.int64(3), body: find.blob(4), notice: notice)
            guard verifier.take(evidence) else { return (verifier, nil) }
        }
        return (verifier, last)
    }

    private static func entries(
        after first: Int64, upTo last: Int64, in reader: SQLiteReader
    ) throws -> [AuditedEntry] {
        var entries: [AuditedEntry] = []
        try reader.connection.forEachRow(
            """
            SELECT j.number, s.id, j.sequence, n.text, j.refusals, j.kind, j.at, j.body, j.link,
                (SELECT link FROM journal WHERE saga = j.saga AND sequence = j.sequence - 1),
                CASE j.sequence WHEN 1 THEN s.input END, f.name, f.version
            FROM journal j LEFT JOIN saga s ON s.number = j.saga LEFT JOIN flow f ON f.number = s.flow
                LEFT JOIN name n ON n.number = j.stage
            WHERE j.number > ? AND j.number <= ? ORDER BY j.number
            """, .integer(first), .integer(last)
        ) { row in
            let beginning =
                row.isNull(10) || row.isNull(11)
                ? nil
                : AuditedEntry.Beginning(
                    flow: FlowID(name: row.text(11), version: Int(row.int64(12))), input: row.blob(10))
            entries.append(
                AuditedEntry(
                    number: row.int64(0), saga: row.isNull(1) ? nil : row.text(1), sequence: row.int64(2),
                    stage: row.isNull(3) ? nil : row.text(3), refusals: row.int64(4), kind: row.int64(5),
                    at: row.int64(6), body: row.blob(7), link: row.blob(8),
                    previous: row.isNull(9) ? nil : row.blob(9), beginning: beginning))
        }
        return entries
    }

    private static func prints(
        after first: Int64, upTo last: Int64, in reader: SQLiteReader
    ) throws -> [AuditedPrint] {
        var prints: [AuditedPrint] = []
        try reader.connection.forEachRow(
            "SELECT number, after, at, print FROM print WHERE number > ? AND number <= ? ORDER BY number",
            .integer(first), .integer(last)
        ) { row in
            prints.append(
                AuditedPrint(number: row.int64(0), after: row.int64(1), at: row.int64(2), text: row.blob(3)))
        }
        return prints
    }
}
