internal import SagaEngine

/// The reading side of the store, on the thread that owns its `query_only` connection. Every read is one short
/// transaction and sees one consistent state.
final class SQLiteReader {
    let connection: SQLiteConnection
    let names: NameTable
    let flows: FlowTable
    private let desk: ClaimDesk
    private let begin: SQLiteStatement
    private let commit: SQLiteStatement
    // What taking a saga up needs, prepared once: looking a statement up by its long text costs as much as running it.
    private let findClaimed: SQLiteStatement
    private let findJournal: SQLiteStatement
    private let findFreshNotices: SQLiteStatement

    /// A saga's row, to be read by ``row(_:)``.
    static let sagaColumns = "SELECT \(rowColumns) FROM \(rowSource)"
    private static let rowColumns = """
        s.number, s.id, s.flow, s.input, p.id, s.stage, s.element, t.sequence, t.head, t.status, t.predicament,
            t.exposures, t.pivoted, t.wake, t.open, t.output, s.created, t.updated
        """
    static let sagas = "saga s JOIN progress t ON t.number = s.number"
    private static let rowSource = sagas + " LEFT JOIN saga p ON p.number = s.parent"
    static let entryColumns = "SELECT sequence, stage, refusals, kind, at, body, link FROM journal"
    /// A notice, to be read by ``notice(_:for:)``.
    static let noticeColumns = "n.number, n.source, n.id, n.reference, n.claim, n.body, n.headers, n.at, n.standing"
    /// The same without its body, which is a row's last column, in pages of its own when it is long: not asked for, it
    /// is not read.
    static let bareNoticeColumns = noticeColumns.replacing("n.body", with: "x''")

    init(_ connection: SQLiteConnection, _ desk: ClaimDesk) throws {
        self.connection = connection
        self.desk = desk
        names = NameTable(connection)
        flows = FlowTable(connection)
        begin = try connection.statement("BEGIN DEFERRED")
        commit = try connection.statement("COMMIT")
        findClaimed = try connection.statement(
            """
            SELECT \(Self.rowColumns), (SELECT max(number) FROM notice WHERE saga = s.number) FROM \(Self.rowSource)
            WHERE s.number = ?
            """)
        findJournal = try connection.statement(Self.entryColumns + " WHERE saga = ? ORDER BY sequence")
        findFreshNotices = try connection.statement(
            "SELECT \(Self.bareNoticeColumns) FROM notice n WHERE n.saga = ? AND n.standing = 0 ORDER BY n.number")
    }

    /// Runs a read that sees one consistent state.
    func read<Value>(_ body: (SQLiteReader) throws -> Value) throws -> Value {
        try begin.run()
        do {
            let value = try body(self)
            try commit.run()
            return value
        } catch {
            if connection.isInTransaction { try connection.statement("ROLLBACK").run() }
            throw error
        }
    }

    func number(of id: SagaID) throws -> SagaNumber? {
        try connection.firstRow("SELECT number FROM saga WHERE id = ?", .text(id.rawValue)) { $0.int64(0) }
    }

    func row(of id: SagaID) throws -> SagaRow? {
        try connection.firstRow(Self.sagaColumns + " WHERE s.id = ?", .text(id.rawValue), read: row)
    }

    func load(_ claim: Claim) throws -> LoadedSaga? {
        guard desk.isGood(claim) else { return nil }
        try findClaimed.bind(1, claim.number)
        defer { findClaimed.reset() }
        guard try findClaimed.step() else { return nil }
        let row = try row(findClaimed)
        let lastNotice = findClaimed.int64(18)
        let page = lastNotice > 0 ? try freshNotices(of: row) : NoticePage()
        return LoadedSaga(
            claim: claim, row: row, journal: try journal(of: claim.number, count: row.sequence),
            notices: page.notices, firstLeftOut: page.firstLeftOut, lastNotice: lastNotice)
    }

    private func journal(of number: SagaNumber, count: Int) throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        entries.reserveCapacity(count)
        try findJournal.bind(1, number)
        defer { findJournal.reset() }
        while try findJournal.step() { entries.append(try entry(findJournal)) }
        return entries
    }

    private func freshNotices(of saga: SagaRow) throws -> NoticePage {
        var page = NoticePage()
        try findFreshNotices.bind(1, saga.number)
        defer { findFreshNotices.reset() }
        while try findFreshNotices.step() {
            guard page.notices.count >= NoticePage.referenceLimit else {
                page.take(try notice(findFreshNotices, for: saga.id))
                continue
            }
            let source = CounterpartyName(rawValue: try names.text(of: findFreshNotices.int64(1)))
            let reference = SentReference(source: source, reference: findFreshNotices.text(3))
            guard page.hasRoom(for: findFreshNotices.int64(0), about: reference) else { continue }
            page.take(try notice(findFreshNotices, for: saga.id))
        }
        return page
    }

    func nextWake(for flows: [FlowID], at now: Timestamp) throws -> Timestamp? {
        var moments: [Timestamp] = []
        for flow in try flows.compactMap(self.flows.number) {
            if desk.hasWoken(of: flow) { return now }
            guard let moment = try nextWake(of: flow) else { continue }
            moments.append(moment)
        }
        let held = desk.epochs
        try connection.forEachRow("SELECT epoch, expires FROM lease") { row in
            if held.contains(row.int64(0)) { moments.append(Timestamp(milliseconds: row.int64(1))) }
        }
        return moments.min().map { max($0, now) }
    }

    /// The earliest moment that a saga of a flow waits for which nobody holds; the beginning of time when one is ready.
    private func nextWake(of flow: Int64) throws -> Timestamp? {
        let find = try connection.statement(
            "SELECT number, due, ready, wake FROM progress WHERE flow = ? AND due >= ? ORDER BY due")
        try find.bind(all: [.integer(flow), .integer(desk.cursor(of: flow))])
        defer { find.reset() }
        var earliest: Timestamp?
        var passed = 0
        while try find.step() {
            // From here on nothing waits for a moment, or for an earlier one.
            let due = find.int64(1)
            if due == .max || earliest.map({ ReadyPlace.first(at: $0) <= due }) ?? false { break }
            guard desk.isAbsent(find.int64(0)) else { continue }
            passed += 1
            if !find.isNull(2) { return Timestamp(milliseconds: .min) }
            if let wake = find.optionalInt64(3).map({ Timestamp(milliseconds: $0) }) {
                earliest = min(earliest ?? wake, wake)
            }
            // Alarms that stand too early: the claim at that moment sets them anew.
            if passed >= Self.alarmLimit {
                let alarm = ReadyPlace.moment(of: due)
                return min(earliest ?? alarm, alarm)
            }
        }
        return earliest
    }

    /// How many sagas are looked at for the moment that is waited for next; it may be found too early, never too late.
    private static var alarmLimit: Int { 1_024 }
}

// MARK: - Rows as values

extension SQLiteReader {
    func row(_ row: SQLiteStatement) throws -> SagaRow {
        let standing = Standing(
            status: try SagaStatus(storeCode: row.int64(9)), predicament: row.blob(10),
            exposures: try exposures(row, 11), pivoted: row.int64(12) != 0)
        var origin: SagaRow.Origin?
        if !row.isNull(6) {
            guard let element = ElementID(rawValue: row.text(6)) else {
                throw StoreError(.corrupt, "a saga's row holds an element that no saga can be started for")
            }
            origin = SagaRow.Origin(stage: StageName(rawValue: try names.text(of: row.int64(5))), element: element)
        }
        return SagaRow(
            number: row.int64(0), id: try SagaID(stored: row.text(1)), flow: try flows.flow(row.int64(2)),
            input: row.blob(3), parent: row.isNull(4) ? nil : try SagaID(stored: row.text(4)), origin: origin,
            sequence: Int(row.int64(7)), head: row.link(8), standing: standing,
            wakeAt: wake(row), openChildren: Int(row.int64(14)),
            output: row.isNull(15) ? nil : row.blob(15), createdAt: Timestamp(milliseconds: row.int64(16)),
            updatedAt: Timestamp(milliseconds: row.int64(17)))
    }

    /// What a saga waits for; nothing once it is woken or in somebody's hands, whatever its row says still.
    private func wake(_ row: SQLiteStatement) -> Timestamp? {
        guard let wake = row.optionalInt64(13), desk.isAbsent(row.int64(0)) else { return nil }
        return Timestamp(milliseconds: wake)
    }

    /// Amounts at stake; NULL reads as none.
    func exposures(_ row: SQLiteStatement, _ column: Int32) throws -> [Exposure] {
        try row.withBytes(column) { bytes in Result { () throws(StoreError) in try ExposureText.read(bytes) } }.get()
    }

    func entry(_ row: SQLiteStatement) throws -> JournalEntry {
        let code = row.int64(3)
        guard let raw = UInt8(exactly: code), let kind = EntryKind(rawValue: raw) else {
            throw StoreError(.corrupt, "a journal entry is of kind \(code), which this program does not know")
        }
        return JournalEntry(
            sequence: Int(row.int64(0)), stage: StageName(rawValue: try names.text(of: row.int64(1))),
            refusals: Int(row.int64(2)), kind: kind, at: Timestamp(milliseconds: row.int64(4)), body: row.blob(5),
            link: row.link(6))
    }

    func notice(_ row: SQLiteStatement, for saga: SagaID?) throws -> StoredNotice {
        guard let claim = row.withBytes(4, { ClaimText.read($0, reference: row.text(3)) }) else {
            throw StoreError(.corrupt, "the claim of notice \(row.int64(0)) cannot be read")
        }
        let notice = Notice(
            source: CounterpartyName(rawValue: try names.text(of: row.int64(1))), id: row.text(2),
            claim: claim, body: row.blob(5), headers: row.text(6))
        return StoredNotice(
            number: row.int64(0), notice: notice, receivedAt: Timestamp(milliseconds: row.int64(7)),
            standing: try NoticeStanding(storeCode: row.int64(8)), saga: saga)
    }
}
