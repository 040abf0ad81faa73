internal import SagaEngine

/// Taking up sagas that were claimed.
extension PostgresReader {
    /// Who has read nothing of a saga yet reads its row, with what never changes of it.
    private static let unknown = PostgresStatement(
        "read_claimed",
        """
        SELECT \(sagaColumns), u.fence, (SELECT max(number) FROM notice WHERE saga = s.number)
        \(claimedSource)
            CROSS JOIN LATERAL (SELECT * FROM saga WHERE number = u.number OFFSET 0) AS s
            LEFT JOIN finished f ON false
            LEFT JOIN LATERAL (SELECT id FROM saga WHERE number = s.parent OFFSET 0) AS q ON true
        """)
    /// What may have changed of a saga that is remembered.
    private static let known = PostgresStatement(
        "read_known",
        """
        SELECT u.number, u.fence, t.sequence, t.head, t.status, t.predicament, t.exposures, t.pivoted, t.wake, t.spawned
            - (CASE WHEN t.spawned > 0 THEN
                (SELECT coalesce(sum(c.ended), 0) FROM child_end c WHERE c.parent = u.number) ELSE 0 END),
            t.updated, (SELECT max(number) FROM notice WHERE saga = u.number)
        \(claimedSource)
        """)
    private static let claimedSource = """
        FROM unnest($1::bigint[], $2::bigint[]) AS u(number, fence)
            CROSS JOIN LATERAL (SELECT * FROM progress
                WHERE number = u.number AND fence = u.fence AND holder IS NOT NULL OFFSET 0) AS t
        """
    private static let journals = PostgresStatement(
        "read_journals",
        "SELECT \(entryColumns), j.saga FROM journal j WHERE j.saga = ANY($1::bigint[]) ORDER BY j.saga, j.sequence")
    private static let fresh = PostgresStatement(
        "read_fresh",
        """
        SELECT \(bareNoticeColumns), n.saga FROM notice n WHERE n.saga = ANY($1::bigint[]) AND n.standing = 0
        ORDER BY n.saga, n.number
        """)

    /// A saga that is there and held as its claim says.
    private struct Found {
        let row: SagaRow
        let fence: Int64
        /// Its journal, where it is remembered.
        let journal: [JournalEntry]?
        let lastNotice: Int64
    }

    /// Reads claimed sagas back; a journal that is remembered to its last link is not read again.
    func load(_ claims: [Claim]) throws -> [LoadedSaga] {
        guard !claims.isEmpty else { return [] }
        let remembered = journals.recall(claims.lazy.map(\.number))
        var loaded = try load(claims, remembered)
        let others = claims.filter { remembered[$0.number] != nil && loaded[$0.number] == nil }
        if !others.isEmpty {
            journals.forget(others.lazy.map(\.number))
            loaded.merge(try load(others, [:])) { _, new in new }
        }
        journals.remember(loaded.values.lazy.filter { remembered[$0.claim.number] == nil || others.contains($0.claim) })
        return claims.compactMap { claim in loaded[claim.number].flatMap { $0.claim == claim ? $0 : nil } }
    }

    /// Reads sagas, but for what is remembered of them. One whose memory turns out not to be its row's is left out.
    private func load(
        _ claims: [Claim], _ remembered: [SagaNumber: JournalMemory.Recollection]
    ) throws -> [SagaNumber: LoadedSaga] {
        let old = claims.filter { remembered[$0.number] != nil }
        let new = claims.filter { remembered[$0.number] == nil }
        var calls = [Call(Self.fresh, .numbers(claims.map(\.number)))]
        if !old.isEmpty {
            calls.append(Call(Self.known, .numbers(old.map(\.number)), .numbers(old.map(\.fence))))
        }
        if !new.isEmpty {
            calls.append(Call(Self.unknown, .numbers(new.map(\.number)), .numbers(new.map(\.fence))))
            calls.append(Call(Self.journals, .numbers(new.map(\.number))))
        }
        var answers = try together(calls)
        let notices = answers.removeFirst()
        var found: [SagaNumber: Found] = [:]
        if !old.isEmpty {
            for row in answers.removeFirst().rows {
                guard let recollection = remembered[row.int64(0)] else { continue }
                found[row.int64(0)] = try known(row, recollection)
            }
        }
        var read: [SagaNumber: [JournalEntry]] = [:]
        if !new.isEmpty {
            for row in answers.removeFirst().rows {
                found[row.int64(0)] = Found(
                    row: try self.row(row), fence: row.int64(18), journal: nil, lastNotice: row.int64(19))
            }
            for row in answers.removeFirst().rows { read[row.int64(7), default: []].append(try entry(row)) }
        }
        let pages = try pages(notices, found)
        var loaded: [SagaNumber: LoadedSaga] = [:]
        for claim in claims {
            guard let saga = found[claim.number], saga.fence == claim.fence else { continue }
            loaded[claim.number] = LoadedSaga(
                claim: claim, row: saga.row, journal: saga.journal ?? read[claim.number] ?? [],
                notices: pages[claim.number]?.notices ?? [], firstLeftOut: pages[claim.number]?.firstLeftOut,
                lastNotice: saga.lastNotice)
        }
        return loaded
    }

    /// A saga that is remembered as its row has it now; `nil` when the row's last link is another one.
    private func known(_ row: PostgresRow, _ recollection: JournalMemory.Recollection) throws -> Found? {
        guard row.int64(2) == recollection.journal.count, row.link(3) == recollection.head else { return nil }
        let standing = Standing(
            status: try SagaStatus(storeCode: row.int64(4)), predicament: row.blob(5),
            exposures: try row.withBytes(6) { try ExposureText.read($0) }, pivoted: row.int64(7) != 0)
        let now = recollection.row(
            standing, wakeAt: row.isNull(8) ? nil : row.timestamp(8), openChildren: Int(row.int64(9)),
            updatedAt: row.timestamp(10))
        return Found(row: now, fence: row.int64(1), journal: recollection.journal, lastNotice: row.int64(11))
    }

    /// The notices that wait for sagas, as many of each as one look takes.
    private func pages(_ result: PostgresResult, _ found: [SagaNumber: Found]) throws -> [SagaNumber: NoticePage] {
        var pages: [SagaNumber: NoticePage] = [:]
        for row in result.rows {
            let saga = row.int64(9)
            let sent = SentReference(
                source: CounterpartyName(rawValue: try name(row.int64(1))), reference: row.text(3))
            guard pages[saga, default: NoticePage()].hasRoom(for: row.int64(0), about: sent) else { continue }
            pages[saga, default: NoticePage()].take(try notice(row, for: found[saga]?.row.id))
        }
        return pages
    }
}
