internal import SagaEngine

/// Feeds the verifier from the database, a bounded number of rows at a time.
extension PostgresAudit {
    /// How many seals or rows one read looks at.
    static let pageSize = 32

    private static let seals = PostgresStatement(
        "audit_seals",
        """
        SELECT s.number, s.at, s.link, u.writer, u.after, u.upto FROM
            (SELECT * FROM seal WHERE number > $1::bigint ORDER BY number LIMIT $2::bigint) s
            CROSS JOIN LATERAL unnest(s.writers, s.after, s.upto) WITH ORDINALITY AS u(writer, after, upto, place)
        ORDER BY s.number, u.place
        """)
    private static let entries = PostgresStatement(
        "audit_entries",
        """
        SELECT j.turn, j.place, s.id, j.sequence, n.text, j.refusals, j.kind, j.at, j.body, j.link,
            (SELECT link FROM journal WHERE saga = j.saga AND sequence = j.sequence - 1),
            CASE j.sequence WHEN 1 THEN s.input END, f.name, f.version
        FROM journal j LEFT JOIN saga s ON s.number = j.saga LEFT JOIN flow f ON f.number = s.flow
            LEFT JOIN name n ON n.number = j.stage
        WHERE j.writer = $1::bigint AND j.turn > $2::bigint AND j.turn <= $3::bigint ORDER BY j.turn, j.place
        """)
    private static let prints = PostgresStatement(
        "audit_prints",
        """
        SELECT turn, place, at, print FROM print WHERE writer = $1::bigint AND turn > $2::bigint AND turn <= $3::bigint
        ORDER BY turn, place
        """)
    private static let rows = PostgresStatement(
        "audit_rows",
        """
        SELECT s.number, s.id, f.name, f.version, s.input, coalesce(t.sequence, e.sequence), coalesce(t.head, e.head),
            coalesce(t.status, e.status)::bigint, e.output, j.sequence, j.kind, j.body, j.link
        FROM saga s LEFT JOIN progress t ON t.number = s.number LEFT JOIN finished e ON e.number = s.number
            LEFT JOIN flow f ON f.number = s.flow
            LEFT JOIN LATERAL (SELECT sequence, kind, body, link FROM journal WHERE saga = s.number
                ORDER BY sequence DESC LIMIT 1) j ON true
        WHERE s.number > $1::bigint ORDER BY s.number LIMIT $2::bigint
        """)
    private static let evidence = PostgresStatement(
        "audit_evidence",
        """
        SELECT j.saga, j.sequence, s.id, j.kind, j.body
        FROM (SELECT saga, sequence, kind, body FROM journal
                WHERE (saga, sequence) > ($1::bigint, $2::bigint)
                    AND kind IN (\(EntryKind.notice.rawValue), \(EntryKind.refused.rawValue))
                ORDER BY saga, sequence LIMIT $3::bigint) j
            JOIN saga s ON s.number = j.saga
        ORDER BY j.saga, j.sequence
        """)
    private static let inbox = PostgresStatement(
        "audit_inbox",
        """
        SELECT number, saga, standing::bigint, id, claim, reference FROM notice
        WHERE number = ANY($1::bigint[]) AND saga IS NOT NULL
        """)

    /// A seal with the stretches of turns it covers.
    private struct Sealed {
        let number: Int64
        let at: Int64
        let link: [UInt8]
        var stretches: [Stretch]
    }

    /// Verifies the next seals; whether there is nothing more to verify. `upto` has how far each writer is sealed, and
    /// `wanted` says whether to go on with a seal of this moment; `taken` is given each seal that is right, with what
    /// it covers.
    static func verifySeals(
        by verifier: AuditVerifier, _ upto: [Int64: Int64], in connection: PostgresConnection,
        wanted: (Int64) -> Bool = { _ in true },
        taken: (AuditedSeal, [AuditedEntry], [AuditedPrint]) -> Void = { _, _, _ in }
    ) throws -> (AuditVerifier, [Int64: Int64], isDone: Bool) {
        var verifier = verifier
        var upto = upto
        var page: [Sealed] = []
        let found = try connection.run(seals, .bigint(verifier.report.head.number), .bigint(Int64(pageSize)))
        for row in found.rows {
            let stretch = Stretch(writer: row.int64(3), after: row.int64(4), upto: row.int64(5))
            if page.last?.number == row.int64(0) {
                page[page.count - 1].stretches.append(stretch)
            } else {
                page.append(
                    Sealed(number: row.int64(0), at: row.int64(1), link: row.blob(2), stretches: [stretch]))
            }
        }
        for seal in page {
            guard wanted(seal.at) else { return (verifier, upto, true) }
            let isNext = seal.stretches.allSatisfy { upto[$0.writer, default: 0] == $0.after && $0.after < $0.upto }
            let (entries, prints) = try content(of: seal, after: verifier, in: connection)
            for stretch in seal.stretches { upto[stretch.writer] = stretch.upto }
            // A seal that leaves turns out, or covers some twice, is broken whatever its link says.
            let claimed = AuditedSeal(
                number: seal.number, at: seal.at, lastEntry: verifier.lastEntry + Int64(entries.count),
                lastPrint: verifier.lastPrint + Int64(prints.count), link: isNext ? seal.link : [])
            guard verifier.take(claimed, entries, prints) else { return (verifier, upto, true) }
            taken(claimed, entries, prints)
        }
        guard page.count < pageSize else { return (verifier, upto, false) }
        // What came since the last seal waits for the next one.
        verifier.finish(unsealedEntries: 0, unsealedPrints: 0)
        return (verifier, upto, true)
    }

    /// What a seal covers, numbered on from what the verifier has seen.
    private static func content(
        of seal: Sealed, after verifier: AuditVerifier, in connection: PostgresConnection
    ) throws -> ([AuditedEntry], [AuditedPrint]) {
        var all: [AuditedEntry] = []
        var allPrints: [AuditedPrint] = []
        for stretch in seal.stretches {
            let bounds: [PostgresParameter] = [.bigint(stretch.writer), .bigint(stretch.after), .bigint(stretch.upto)]
            let found = Array(try connection.run(Call(prints, all: bounds)).rows)
            var next = 0
            func takePrints(before turn: Int64, _ place: Int64) {
                while next < found.count, (found[next].int64(0), found[next].int64(1)) < (turn, place) {
                    let row = found[next]
                    allPrints.append(
                        AuditedPrint(
                            number: verifier.lastPrint + Int64(allPrints.count) + 1,
                            after: verifier.lastEntry + Int64(all.count), at: seal.at, text: printed(row, at: 2, 3)))
                    next += 1
                }
            }
            for row in try connection.run(Call(entries, all: bounds)).rows {
                takePrints(before: row.int64(0), row.int64(1))
                all.append(entry(row, number: verifier.lastEntry + Int64(all.count) + 1))
            }
            takePrints(before: .max, .max)
        }
        return (all, allPrints)
    }

    private static func entry(_ row: PostgresRow, number: Int64) -> AuditedEntry {
        let beginning =
            row.isNull(11) || row.isNull(12)
            ? nil
            : AuditedEntry.Beginning(
                flow: FlowID(name: row.text(12), version: Int(row.int64(13))), input: row.blob(11))
        return AuditedEntry(
            number: number, saga: row.optionalText(2), sequence: row.int64(3), stage: row.optionalText(4),
            refusals: row.int64(5), kind: row.int64(6), at: row.int64(7), body: row.blob(8), link: row.blob(9),
            previous: row.isNull(10) ? nil : row.blob(10), beginning: beginning)
    }

    /// What a print's link is made of: its text and its moment.
    static func printed(_ row: PostgresRow, at moment: Int32, _ text: Int32) -> [UInt8] {
        row.blob(text) + Array("\n\(row.int64(moment))".utf8)
    }

    /// Verifies the next sagas' rows; the last one's number, or `nil` when there is none left.
    static func verifyRows(
        after number: SagaNumber, by verifier: AuditVerifier, in connection: PostgresConnection
    ) throws -> (AuditVerifier, SagaNumber?) {
        var verifier = verifier
        var last: SagaNumber?
        for row in try connection.run(rows, .bigint(number), .bigint(Int64(pageSize))).rows {
            last = row.int64(0)
            let end =
                row.isNull(9)
                ? nil
                : AuditedRow.Last(sequence: row.int64(9), kind: row.int64(10), body: row.blob(11), link: row.blob(12))
            let audited = AuditedRow(
                id: row.text(1), flow: row.isNull(2) ? nil : FlowID(name: row.text(2), version: Int(row.int64(3))),
                input: row.blob(4), sequence: row.int64(5), head: row.blob(6), status: row.int64(7),
                output: row.isNull(8) ? nil : row.blob(8), last: end)
            guard verifier.take(audited) else { return (verifier, nil) }
        }
        return (verifier, last)
    }

    /// Holds the next entries that notices are the reason for against the inbox; the last one's saga and sequence, or
    /// `nil` when there is none left.
    static func verifyEvidence(
        after place: (SagaNumber, Int64), by verifier: AuditVerifier, in connection: PostgresConnection
    ) throws -> (AuditVerifier, (SagaNumber, Int64)?) {
        var verifier = verifier
        let page: [PostgresParameter] = [.bigint(place.0), .bigint(place.1), .bigint(Int64(pageSize))]
        let entries = Array(try connection.run(Call(evidence, all: page)).rows)
        // What a body says is read here: text that a counterparty has sent may be more than the server's JSON takes.
        let named = entries.map { AuditedEvidence.notice(of: $0.int64(3), $0.blob(4)) }
        var inbox: [Int64: (saga: SagaNumber, AuditedEvidence.InboxRow)] = [:]
        for row in try connection.run(Call(Self.inbox, all: [.numbers(named.compactMap { $0 })])).rows {
            let notice = AuditedEvidence.InboxRow(
                standing: row.int64(2), id: row.text(3),
                claim: row.blob(4).withUnsafeBytes { ClaimText.read($0, reference: row.text(5)) })
            inbox[row.int64(0)] = (row.int64(1), notice)
        }
        for (row, number) in zip(entries, named) {
            let found = number.flatMap { inbox[$0] }
            let evidence = AuditedEvidence(
                saga: row.text(2), sequence: row.int64(1), kind: row.int64(3), body: row.blob(4),
                notice: found?.saga == row.int64(0) ? found?.1 : nil)
            guard verifier.take(evidence) else { return (verifier, nil) }
        }
        return (verifier, entries.last.map { ($0.int64(0), $0.int64(1)) })
    }
}
