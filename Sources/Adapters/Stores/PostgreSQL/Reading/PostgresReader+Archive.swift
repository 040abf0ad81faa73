internal import SagaEngine

// What people read.
extension PostgresReader {
    private static let findNumber = PostgresStatement("read_number", "SELECT number FROM saga WHERE id = $1::text")
    private static let findRow = PostgresStatement(
        "read_row", "SELECT \(sagaColumns) FROM \(sagaSource) WHERE s.id = $1::text")
    private static let findJournal = PostgresStatement(
        "read_journal",
        """
        SELECT \(entryColumns) FROM journal j WHERE j.saga = $1::bigint AND j.sequence > $2::bigint
        ORDER BY j.sequence LIMIT $3::bigint
        """)
    private static let findChildren = PostgresStatement(
        "read_children",
        """
        SELECT \(sagaColumns) FROM \(sagaSource)
        WHERE s.parent = $1::bigint AND s.stage = $2::bigint AND s.element > $3::text ORDER BY s.element LIMIT
            $4::bigint
        """)
    private static let findStage = PostgresStatement("read_stage", "SELECT number FROM name WHERE text = $1::text")

    func number(of id: SagaID) throws -> SagaNumber? { try one(Self.findNumber, .text(id.rawValue)).first?.int64(0) }

    func row(of id: SagaID) throws -> SagaRow? { try one(Self.findRow, .text(id.rawValue)).first.map(row) }

    func journal(of id: SagaID, after sequence: Int, limit: Int) throws -> [JournalEntry] {
        guard let number = try number(of: id) else { return [] }
        return try one(
            Self.findJournal, .bigint(number), .bigint(Int64(sequence)), .bigint(Int64(max(0, limit)))
        ).rows.map(entry)
    }

    func children(of parent: SagaID, stage: StageName, after: ElementID?, limit: Int) throws -> [SagaRow] {
        guard let parent = try number(of: parent),
            let stage = try one(Self.findStage, .text(stage.rawValue)).first?.int64(0)
        else { return [] }
        return try one(
            Self.findChildren, .bigint(parent), .bigint(stage), .text(after?.rawValue ?? ""),
            .bigint(Int64(max(0, limit)))
        ).rows.map(row)
    }

    // MARK: - Searching

    /// Conditions with their parameters, numbered as they come.
    struct Conditions {
        private(set) var texts: [String] = []
        private(set) var parameters: [PostgresParameter] = []

        /// Adds a condition; each `?` in it stands for the next parameter.
        mutating func add(_ text: String, _ values: PostgresParameter...) {
            var numbered = ""
            var next = parameters.count
            for character in text {
                if character == "?" {
                    next += 1
                    numbered += "$\(next)"
                } else {
                    numbered.append(character)
                }
            }
            texts.append(numbered)
            parameters += values
        }

        mutating func add(under root: SagaID, column: String) {
            // "0" is what follows "/" in byte order.
            let id = root.rawValue
            add(
                "\(column) >= ?::text AND \(column) < ?::text AND (\(column) = ?::text OR \(column) > ?::text)",
                .text(id),
                .text(id + "0"), .text(id), .text(id + "/"))
        }

        var clause: String { texts.isEmpty ? "" : " WHERE " + texts.joined(separator: " AND ") }
    }

    /// The same text is the same statement, so that it is prepared once.
    static func statement(_ sql: String) -> PostgresStatement {
        PostgresStatement("dynamic_" + sql, sql)
    }

    private static let searchSource = """
        saga s LEFT JOIN progress t ON t.number = s.number LEFT JOIN finished f ON f.number = s.number
            LEFT JOIN saga q ON q.number = s.parent
        """

    func search(_ query: SagaQuery) throws -> SagaPage {
        var conditions = Conditions()
        var source = Self.searchSource
        if let status = query.status {
            // What has ended and what has not are apart: only one of them is looked through.
            let table = status.isTerminal ? "f" : "t"
            source = source.replacing(
                "LEFT JOIN \(status.isTerminal ? "finished" : "progress") \(table)",
                with: "JOIN \(status.isTerminal ? "finished" : "progress") \(table)")
            if status == .stuck {
                conditions.add("t.stuck")
            } else {
                conditions.add("\(table).status = ?::bigint", .bigint(status.storeCode))
            }
        }
        if let flow = query.flow {
            conditions.add("s.flow IN (SELECT number FROM flow WHERE name = ?::text)", .text(flow))
        }
        if query.rootsOnly { conditions.add("s.parent IS NULL") }
        if let root = query.under { conditions.add(under: root, column: "s.id") }
        let count = PostgresConnection.Call(
            Self.statement("SELECT count(*) FROM \(source)\(conditions.clause)"), all: conditions.parameters)
        let next = conditions.parameters.count
        let find = PostgresConnection.Call(
            Self.statement(
                "SELECT \(Self.sagaColumns) FROM \(source)\(conditions.clause) ORDER BY s.id "
                    + "LIMIT $\(next + 1)::bigint OFFSET $\(next + 2)::bigint"),
            all: conditions.parameters + [.bigint(Int64(query.limit)), .bigint(Int64(query.offset))])
        let answers = try together([count, find])
        let total = answers.first?.first?.int64(0) ?? 0
        return SagaPage(rows: try answers.last?.rows.map(row) ?? [], total: Int(total))
    }

    func notices(_ query: NoticeQuery) throws -> [StoredNotice] {
        var conditions = Conditions()
        if let standing = query.standing {
            conditions.add("n.standing = ?::bigint", .bigint(standing.storeCode))
        }
        if let id = query.saga {
            guard let number = try number(of: id) else { return [] }
            conditions.add("n.saga = ?::bigint", .bigint(number))
        }
        if let number = query.number { conditions.add("n.number = ?::bigint", .bigint(number)) }
        let columns = query.withBodies ? Self.noticeColumns : Self.bareNoticeColumns
        let next = conditions.parameters.count
        let find = Self.statement(
            "SELECT \(columns), s.id FROM notice n LEFT JOIN saga s ON s.number = n.saga\(conditions.clause) "
                + "ORDER BY n.number DESC LIMIT $\(next + 1)::bigint OFFSET $\(next + 2)::bigint")
        let found = try connection().run(
            PostgresConnection.Call(
                find, all: conditions.parameters + [.bigint(Int64(query.limit)), .bigint(Int64(query.offset))]))
        return try found.rows.map { row in try notice(row, for: row.isNull(9) ? nil : SagaID(stored: row.text(9))) }
    }

    private static let findSettlements = PostgresStatement(
        "read_settlements",
        """
        SELECT \(bareNoticeColumns) FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS u(source, reference, place)
            JOIN name s ON s.text = u.source
            CROSS JOIN LATERAL (SELECT * FROM notice WHERE saga = $1::bigint AND standing IN (0, 4)
                AND source + 0 = s.number AND reference = u.reference OFFSET 0) AS n
        ORDER BY u.place, n.number
        """)

    func settlements(of references: [SentReference], for id: SagaID, limit: Int) throws -> [StoredNotice] {
        guard !references.isEmpty, let number = try number(of: id) else { return [] }
        let found = try one(
            Self.findSettlements, .bigint(number), .texts(references.map(\.source.rawValue)),
            .texts(references.map(\.reference)))
        var settlements: [StoredNotice] = []
        for row in found.rows where settlements.count < limit {
            let notice = try notice(row, for: id)
            if notice.notice.claim.verdict == .settled { settlements.append(notice) }
        }
        return settlements
    }

    func prints(under root: SagaID?, limit: Int, offset: Int) throws -> [StoredPrint] {
        var conditions = Conditions()
        if let root { conditions.add(under: root, column: "p.saga") }
        let next = conditions.parameters.count
        let find = Self.statement(
            "SELECT p.number, p.at, p.print FROM print p\(conditions.clause) ORDER BY p.number DESC "
                + "LIMIT $\(next + 1)::bigint OFFSET $\(next + 2)::bigint")
        let found = try connection().run(
            PostgresConnection.Call(
                find,
                all: conditions.parameters + [.bigint(Int64(max(0, limit))), .bigint(Int64(max(0, offset)))]))
        return try found.rows.map { row in
            StoredPrint(number: row.int64(0), at: row.timestamp(1), print: try PrintText.read(row.blob(2)))
        }
    }
}
