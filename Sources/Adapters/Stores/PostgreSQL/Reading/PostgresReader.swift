internal import SagaEngine

/// The reading side of the store, on the thread that owns its connection. Every read is one short transaction and sees
/// one consistent state.
final class PostgresReader {
    typealias Call = PostgresConnection.Call

    private let configuration: PostgresStoreConfiguration
    private let report: (any Error) -> StoreError
    private let floors: ClaimFloors
    /// Journals that need not be read back.
    let journals: JournalMemory
    private var heldFloors = HeldFloors()
    private var open: PostgresConnection?
    private var hasBeenOpen = false
    private var flows: [Int64: FlowID] = [:]
    private var names: [Int64: String] = [:]

    /// A saga's row, to be read by ``row(_:)``.
    static let sagaColumns = """
        s.number, s.id, s.flow, s.input, q.id, s.stage, s.element, coalesce(t.sequence, f.sequence),
            coalesce(t.head, f.head), coalesce(t.status, f.status), coalesce(t.predicament, f.predicament),
            coalesce(t.exposures, f.exposures), coalesce(t.pivoted, f.pivoted), t.wake,
            CASE WHEN coalesce(t.spawned, f.spawned) > 0 THEN coalesce(t.spawned, f.spawned)
                - (SELECT coalesce(sum(c.ended), 0) FROM child_end c WHERE c.parent = s.number) ELSE 0 END,
            f.output, s.created, coalesce(t.updated, f.updated)
        """
    /// The sagas that a condition on `s` leaves; each one's rows are looked up, whatever the planner believes of the
    /// tables.
    static let sagaSource = """
        saga s LEFT JOIN LATERAL (SELECT * FROM progress WHERE number = s.number OFFSET 0) AS t ON true
            LEFT JOIN LATERAL (SELECT * FROM finished WHERE number = s.number OFFSET 0) AS f ON true
            LEFT JOIN LATERAL (SELECT id FROM saga WHERE number = s.parent OFFSET 0) AS q ON true
        """
    static let entryColumns = "j.sequence, j.stage, j.refusals, j.kind, j.at, j.body, j.link"
    /// The same without the body, which may be long.
    static let bareNoticeColumns = noticeColumns.replacing("n.body", with: "''::bytea")
    static let noticeColumns = "n.number, n.source, n.id, n.reference, n.claim, n.body, n.headers, n.at, n.standing"

    private static let begin = PostgresStatement("read_begin", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    private static let end = PostgresStatement("read_end", "COMMIT")

    init(
        _ configuration: PostgresStoreConfiguration, floors: ClaimFloors, journals: JournalMemory,
        report: @escaping (any Error) -> StoreError
    ) {
        self.configuration = configuration
        self.floors = floors
        self.journals = journals
        self.report = report
    }

    /// Runs a read; when the connection turns out to be gone it is made anew, once.
    func read<Value>(_ body: (PostgresReader) throws -> Value) -> Result<Value, StoreError> {
        var isSecondTry = false
        while true {
            do {
                return .success(try body(self))
            } catch {
                let isLost = (error as? PostgresError)?.kind == .connection
                leaveTransaction()
                if isLost { open = nil }
                guard isLost, !isSecondTry else { return .failure(report(error)) }
                isSecondTry = true
            }
        }
    }

    private func leaveTransaction() {
        guard let open, open.isAlive, open.isInTransaction else { return }
        do {
            try open.execute("ROLLBACK")
        } catch {
            self.open = nil
        }
    }

    func connection() throws -> PostgresConnection {
        if let open { return open }
        let connection = try PostgresSession.connect(configuration, readOnly: true)
        try PostgresSchema.refuseOther(try PostgresSchema.version(of: connection, in: configuration.schema))
        // Another server may have given the same numbers to other names: a standby that lagged has.
        names = [:]
        flows = [:]
        heldFloors = HeldFloors()
        if hasBeenOpen { journals.forget() }
        hasBeenOpen = true
        open = connection
        return connection
    }

    /// Reads in one state: all statements see the same.
    func together(_ calls: [Call]) throws -> ArraySlice<PostgresResult> {
        try connection().pipeline([Call(Self.begin)] + calls + [Call(Self.end)]).dropFirst().dropLast()
    }

    func one(_ statement: PostgresStatement, _ parameters: PostgresParameter...) throws -> PostgresResult {
        try connection().run(Call(statement, all: parameters))
    }

    /// Begins where a claim would.
    private static let nextWake = PostgresStatement(
        "read_wake",
        """
        SELECT (SELECT true FROM unnest($1::bigint[], $2::bigint[]) AS f(flow, floor) CROSS JOIN LATERAL (
                SELECT 1 FROM progress p WHERE p.flow = f.flow AND p.ready IS NOT NULL AND p.ready >= f.floor
                    ORDER BY p.ready LIMIT 1) AS r LIMIT 1),
            (SELECT min(w.wake) FROM unnest($1::bigint[], $2::bigint[]) AS f(flow, floor) CROSS JOIN LATERAL (
                SELECT p.wake FROM progress p WHERE p.flow = f.flow AND p.wake IS NOT NULL AND p.wake >= f.floor >> 20
                    ORDER BY p.wake LIMIT 1) AS w),
            (SELECT last_value FROM fence_number)
        """)
    /// When each lease ends, and whether it holds anything; what was claimed last is looked at first.
    private static let holders = PostgresStatement(
        "read_holders",
        """
        SELECT l.epoch, l.expires, (SELECT p.fence FROM progress p
            WHERE p.holder = l.epoch AND p.fence >= coalesce((SELECT f.fence
                FROM unnest($1::bigint[], $2::bigint[]) AS f(epoch, fence) WHERE f.epoch = l.epoch), 0)
            ORDER BY p.holder DESC, p.fence DESC LIMIT 1)
        FROM lease l WHERE NOT l.empty
        """)
    private static let flowNumbers = PostgresStatement(
        "read_flow_numbers",
        """
        SELECT f.number FROM flow f JOIN unnest($1::text[], $2::bigint[]) AS u(name, version)
            ON f.name = u.name AND f.version = u.version
        """)

    func nextWake(for flows: [FlowID], at now: Timestamp) throws -> Timestamp? {
        let known = try one(Self.flowNumbers, .texts(flows.map(\.name)), .numbers(flows.map { Int64($0.version) }))
        let numbers = known.rows.map { $0.int64(0) }
        let answers = try connection().pipeline([
            Call(Self.nextWake, .numbers(numbers), .numbers(floors.floors(of: numbers, at: now))),
            Call(Self.holders, .numbers(heldFloors.epochs), .numbers(heldFloors.fences)),
        ])
        guard let row = answers[0].first else { return nil }
        heldFloors.note(
            answers[1].rows.map { ($0.int64(0), !$0.isNull(2)) }, last: row.int64(2), at: PostgresClock.monotonic)
        if !row.isNull(0) { return now }
        let ends = answers[1].rows.filter { !$0.isNull(2) }.map { $0.timestamp(1) }
        return (ends + (row.isNull(1) ? [] : [row.timestamp(1)])).min().map { max($0, now) }
    }

    // MARK: - Rows as values

    private static let findName = PostgresStatement("read_name", "SELECT text FROM name WHERE number = $1::bigint")
    private static let findFlow = PostgresStatement(
        "read_flow", "SELECT name, version FROM flow WHERE number = $1::bigint")

    func name(_ number: Int64) throws -> String {
        if let known = names[number] { return known }
        guard let row = try one(Self.findName, .bigint(number)).first else {
            throw StoreError(.corrupt, "a row refers to name \(number), which does not exist")
        }
        let text = row.text(0)
        if names.count < PostgresSession.nameLimit { names[number] = text }
        return text
    }

    func flow(_ number: Int64) throws -> FlowID {
        if let known = flows[number] { return known }
        guard let row = try one(Self.findFlow, .bigint(number)).first else {
            throw StoreError(.corrupt, "a saga refers to flow \(number), which does not exist")
        }
        let flow = FlowID(name: row.text(0), version: Int(row.int64(1)))
        flows[number] = flow
        return flow
    }

    func row(_ row: PostgresRow) throws -> SagaRow {
        let standing = Standing(
            status: try SagaStatus(storeCode: row.int64(9)), predicament: row.blob(10),
            exposures: try row.withBytes(11) { try ExposureText.read($0) }, pivoted: row.int64(12) != 0)
        var origin: SagaRow.Origin?
        if !row.isNull(6) {
            guard let element = ElementID(rawValue: row.text(6)) else {
                throw StoreError(.corrupt, "a saga's row holds an element that no saga can be started for")
            }
            origin = SagaRow.Origin(stage: StageName(rawValue: try name(row.int64(5))), element: element)
        }
        return SagaRow(
            number: row.int64(0), id: try SagaID(stored: row.text(1)), flow: try flow(row.int64(2)),
            input: row.blob(3), parent: row.isNull(4) ? nil : try SagaID(stored: row.text(4)), origin: origin,
            sequence: Int(row.int64(7)), head: row.link(8), standing: standing,
            wakeAt: row.isNull(13) ? nil : row.timestamp(13), openChildren: Int(row.int64(14)),
            output: row.isNull(15) ? nil : row.blob(15), createdAt: row.timestamp(16), updatedAt: row.timestamp(17))
    }

    func entry(_ row: PostgresRow) throws -> JournalEntry {
        JournalEntry(
            sequence: Int(row.int64(0)), stage: StageName(rawValue: try name(row.int64(1))),
            refusals: Int(row.int64(2)),
            kind: try PostgresRows.kind(row.int64(3)), at: row.timestamp(4), body: row.blob(5), link: row.link(6))
    }

    func notice(_ row: PostgresRow, for saga: SagaID?) throws -> StoredNotice {
        guard let claim = row.withBytes(4, { ClaimText.read($0, reference: row.text(3)) }) else {
            throw StoreError(.corrupt, "the claim of notice \(row.int64(0)) cannot be read")
        }
        let notice = Notice(
            source: CounterpartyName(rawValue: try name(row.int64(1))), id: row.text(2), claim: claim,
            body: row.blob(5), headers: row.text(6))
        return StoredNotice(
            number: row.int64(0), notice: notice, receivedAt: row.timestamp(7),
            standing: try NoticeStanding(storeCode: row.int64(8)), saga: saga)
    }
}
