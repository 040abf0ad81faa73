internal import SagaEngine

// What people read.
extension SQLiteReader {
    func journal(of id: SagaID, after sequence: Int, limit: Int) throws -> [JournalEntry] {
        guard let number = try number(of: id) else { return [] }
        var entries: [JournalEntry] = []
        try connection.forEachRow(
            Self.entryColumns + " WHERE saga = ? AND sequence > ? ORDER BY sequence LIMIT ?", .integer(number),
            .integer(Int64(sequence)), .integer(Int64(max(0, limit)))
        ) { entries.append(try entry($0)) }
        return entries
    }

    func search(_ query: SagaQuery) throws -> SagaPage {
        var conditions = ["1"]
        var values: [TableValue] = []
        if let status = query.status {
            // The index on what is stuck serves only a query that says so itself.
            conditions.append(status == .stuck ? "t.status = 3" : "t.status = ?")
            if status != .stuck { values.append(.integer(status.storeCode)) }
        }
        if let flow = query.flow {
            conditions.append("s.flow IN (SELECT number FROM flow WHERE name = ?)")
            values.append(.text(flow))
        }
        if query.rootsOnly { conditions.append("s.parent IS NULL") }
        if let root = query.under {
            conditions.append(Self.isUnder)
            values += Self.bounds(of: root)
        }
        let condition = " WHERE " + conditions.joined(separator: " AND ")
        let count = try connection.statement("SELECT count(*) FROM \(Self.sagas)" + condition)
        try count.bind(all: values)
        let total = try count.step() ? Int(count.int64(0)) : 0
        count.reset()
        let find = try connection.statement(Self.sagaColumns + condition + " ORDER BY s.id LIMIT ? OFFSET ?")
        try find.bind(all: values + [.integer(Int64(query.limit)), .integer(Int64(query.offset))])
        defer { find.reset() }
        var rows: [SagaRow] = []
        while try find.step() { rows.append(try row(find)) }
        return SagaPage(rows: rows, total: total)
    }

    func children(of parent: SagaID, stage: StageName, after: ElementID?, limit: Int) throws -> [SagaRow] {
        guard let parent = try number(of: parent), let stage = try names.number(of: stage.rawValue) else { return [] }
        var rows: [SagaRow] = []
        try connection.forEachRow(
            Self.sagaColumns + " WHERE s.parent = ? AND s.stage = ? AND s.element > ? ORDER BY s.element LIMIT ?",
            .integer(parent), .integer(stage), .text(after?.rawValue ?? ""), .integer(Int64(max(0, limit)))
        ) { rows.append(try row($0)) }
        return rows
    }

    func census(under root: SagaID?) throws -> SagaCensus {
        var counts: [SagaStatus: Int] = [:]
        var totals: [ByteText: (amount: Int128, decimals: Int)] = [:]
        let bounds = root.map(Self.bounds) ?? []
        let isUnder = root == nil ? "1" : Self.isUnder
        let count = try connection.statement(
            "SELECT t.status, count(*) FROM \(Self.sagas) WHERE \(isUnder) GROUP BY t.status")
        try count.bind(all: bounds)
        defer { count.reset() }
        while try count.step() { counts[try SagaStatus(storeCode: count.int64(0))] = Int(count.int64(1)) }
        let stake = try connection.statement(
            "SELECT t.exposures FROM \(Self.sagas) WHERE \(isUnder) AND t.exposures IS NOT NULL ORDER BY s.id")
        try stake.bind(all: bounds)
        defer { stake.reset() }
        while try stake.step() {
            for exposure in try exposures(stake, 0) {
                totals[ByteText(exposure.asset), default: (0, exposure.decimals)].amount += exposure.amount
            }
        }
        let exposures = totals.sorted { $0.key < $1.key }
            .map { Exposure(asset: $0.key.rawValue, amount: $0.value.amount, decimals: $0.value.decimals) }
        return SagaCensus(counts: counts, exposures: exposures)
    }

    func notices(_ query: NoticeQuery) throws -> [StoredNotice] {
        var conditions = ["1"]
        var values: [TableValue] = []
        if let standing = query.standing {
            conditions.append("n.standing = ?")
            values.append(.integer(standing.storeCode))
            switch standing {
            case .fresh, .consumed: break
            // Lets the index on what needs a person serve.
            case .late, .mismatched, .conflicting, .orphan, .quarantined: conditions.append("n.standing > 1")
            }
        }
        if let id = query.saga {
            guard let number = try number(of: id) else { return [] }
            conditions.append("n.saga = ?")
            values.append(.integer(number))
        }
        if let number = query.number {
            conditions.append("n.number = ?")
            values.append(.integer(number))
        }
        let columns = query.withBodies ? Self.noticeColumns : Self.bareNoticeColumns
        let find = try connection.statement(
            "SELECT \(columns), s.id FROM notice n LEFT JOIN saga s ON s.number = n.saga WHERE "
                + conditions.joined(separator: " AND ") + " ORDER BY n.number DESC LIMIT ? OFFSET ?")
        try find.bind(all: values + [.integer(Int64(query.limit)), .integer(Int64(query.offset))])
        defer { find.reset() }
        var found: [StoredNotice] = []
        while try find.step() {
            found.append(try notice(find, for: find.isNull(9) ? nil : SagaID(stored: find.text(9))))
        }
        return found
    }

    func settlements(of references: [SentReference], for id: SagaID, limit: Int) throws -> [StoredNotice] {
        guard let saga = try number(of: id) else { return [] }
        var found: [StoredNotice] = []
        let find = try connection.statement(
            "SELECT \(Self.bareNoticeColumns) FROM notice n WHERE n.saga = ? AND n.standing IN (0, 4) "
                + "AND n.source = ? AND n.reference = ? ORDER BY n.number")
        for sent in references {
            guard let source = try names.number(of: sent.source.rawValue) else { continue }
            try find.bind(all: [.integer(saga), .integer(source), .text(sent.reference)])
            defer { find.reset() }
            while found.count < limit, try find.step() {
                let notice = try notice(find, for: id)
                if notice.notice.claim.verdict == .settled { found.append(notice) }
            }
        }
        return found
    }

    func prints(under root: SagaID?, limit: Int, offset: Int) throws -> [StoredPrint] {
        let saga = "json_extract(print, '$.saga')"
        let condition = root == nil ? "" : " WHERE " + Self.isUnder.replacing("s.id", with: saga)
        let find = try connection.statement(
            "SELECT number, at, print FROM print" + condition + " ORDER BY number DESC LIMIT ? OFFSET ?")
        let page: [TableValue] = [.integer(Int64(max(0, limit))), .integer(Int64(max(0, offset)))]
        try find.bind(all: (root.map(Self.bounds) ?? []) + page)
        defer { find.reset() }
        var prints: [StoredPrint] = []
        while try find.step() {
            prints.append(
                StoredPrint(
                    number: find.int64(0), at: Timestamp(milliseconds: find.int64(1)),
                    print: try PrintText.read(find.blob(2))))
        }
        return prints
    }

    /// A saga and everything whose id begins with its id and a slash; the range lets the index on ids serve.
    private static let isUnder = "s.id >= ? AND s.id < ? AND (s.id = ? OR s.id > ?)"

    private static func bounds(of root: SagaID) -> [TableValue] {
        // "0" is what follows "/" in byte order.
        let id = root.rawValue
        return [.text(id), .text(id + "0"), .text(id), .text(id + "/")]
    }
}
