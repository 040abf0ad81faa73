internal import SagaEngine

/// What a notice claims, without the reference, which has a column of its own.
struct StoredClaim: Codable {
    let verdict: Notice.Verdict
    let facts: Facts
}

extension SQLiteWriter {
    /// Keeps a notice and wakes the saga that waits for it.
    func keep(_ new: NewNotice) throws -> StoreResult {
        let notice = new.notice
        let source = try names.intern(notice.source.rawValue)
        let (same, variants) = try find(notice, from: source)
        if let same { return .duplicate(same) }
        let owner = try expecting(source: source, notice.claim.reference)
        if variants > 0 {
            return try insert(notice, source, variant: variants, .conflicting, owner: owner)
        }
        if new.quarantined {
            let kept = try connection.firstRow("SELECT count(*) FROM notice WHERE standing = 6 AND standing > 1") {
                $0.int64(0)
            }
            if kept ?? 0 >= NewNotice.quarantineLimit { return .full }
            return try insert(notice, source, variant: 0, .quarantined, owner: nil)
        }
        guard let owner, let saga = try saga(owner) else {
            return try insert(notice, source, variant: 0, .orphan, owner: nil)
        }
        if saga.isTerminal { return try insert(notice, source, variant: 0, .late, owner: owner) }
        let result = try insert(notice, source, variant: 0, .fresh, owner: owner)
        try wakeForNotice(owner)
        return result
    }

    /// Binds a notice that nobody has decided about to the saga it is for.
    func assign(_ assignment: NoticeAssignment) throws -> StoreResult {
        let notice = try connection.firstRow(
            "SELECT standing, source, reference FROM notice WHERE number = ?", .integer(assignment.number)
        ) { (standing: try NoticeStanding(storeCode: $0.int64(0)), source: $0.int64(1), reference: $0.text(2)) }
        guard let notice else { return .missing }
        switch notice.standing {
        case .fresh, .consumed: return .stale(sequence: 0)
        case .orphan, .quarantined, .conflicting, .late, .mismatched: break
        }
        var owner = try expecting(source: notice.source, notice.reference)
        if let id = assignment.saga {
            owner = try connection.firstRow("SELECT number FROM saga WHERE id = ?", .text(id.rawValue)) { $0.int64(0) }
            if owner == nil { return .missing }
        }
        let saga = try owner.flatMap(saga)
        let standing: NoticeStanding =
            if let saga { saga.isTerminal ? .late : .fresh } else { .orphan }
        try connection.run(
            "UPDATE notice SET saga = ?, standing = ? WHERE number = ?", SQLiteValue(owner),
            .integer(standing.storeCode), .integer(assignment.number))
        if let saga, standing == .fresh {
            try connection.run("UPDATE saga SET stirred = 1 WHERE number = ?", .integer(saga.number))
            try wakeForNotice(saga.number)
        }
        return .noticed(assignment.number, standing: standing, saga: try owner.map(id))
    }

    /// Writes an expectation and gives its saga the notices that came before it.
    func expect(_ expectation: Expectation, by saga: inout WritableSaga) throws {
        let source = try names.intern(expectation.source.rawValue)
        let stage = try names.intern(expectation.key.stage.rawValue)
        if let standing = try find(source: source, expectation.reference) {
            let isSame =
                standing.saga == saga.number && standing.stage == stage
                && standing.refusals == expectation.key.refusals
            guard isSame else {
                let message = "\(expectation.source) reference \(expectation.reference) is expected by another stage"
                throw OperationRefused(result: .violated(RecordViolation(code: "expectation.taken", message: message)))
            }
            return
        }
        let insert = statements.insertExpectation
        try insert.bind(1, source)
        try insert.bind(2, expectation.reference)
        try insert.bind(3, saga.number)
        try insert.bind(4, stage)
        try insert.bind(5, Int64(expectation.key.refusals))
        try insert.run()
        let adopt = statements.adoptOrphans
        try adopt.bind(1, saga.number)
        try adopt.bind(2, source)
        try adopt.bind(3, expectation.reference)
        try adopt.run()
        guard connection.changes > 0 else { return }
        // They may have lower numbers than those it has seen, so the saga must look again before it sleeps.
        saga.stirred = true
        if saga.sleep.contains(.onNotice) { saga.makeReady(nextPlace()) }
    }

    /// Gives a notice the standing that its stage has decided on.
    func set(_ use: NoticeUse) throws {
        let update = statements.useNotice
        try update.bind(1, use.standing.storeCode)
        try update.bind(2, use.number)
        try update.run()
        guard connection.changes == 1 else {
            throw StoreError(.misuse, "notice \(use.number) is given a standing but does not exist")
        }
    }

    private func wakeForNotice(_ number: SagaNumber) throws {
        let wake = statements.wakeForNotice
        try wake.bind(1, number)
        try wake.bind(2, nextPlace())
        try wake.run()
    }

    /// The number under which this very notice is stored, and how many bodies are stored under its id.
    private func find(_ notice: Notice, from source: Int64) throws -> (same: Int64?, variants: Int64) {
        let find = statements.findNotice
        try find.bind(1, source)
        try find.bind(2, notice.id)
        defer { find.reset() }
        var variants: Int64 = 0
        while try find.step() {
            variants += 1
            let isSame = find.withBytes(1) { stored in notice.body.withUnsafeBytes { stored.elementsEqual($0) } }
            if isSame { return (find.int64(0), variants) }
        }
        return (nil, variants)
    }

    private func expecting(source: Int64, _ reference: String) throws -> SagaNumber? {
        try find(source: source, reference)?.saga
    }

    private func find(
        source: Int64, _ reference: String
    ) throws -> (saga: SagaNumber, stage: Int64, refusals: Int64)? {
        let find = statements.findExpectation
        try find.bind(1, source)
        try find.bind(2, reference)
        defer { find.reset() }
        return try find.step() ? (find.int64(0), find.int64(1), find.int64(2)) : nil
    }

    private func insert(
        _ notice: Notice, _ source: Int64, variant: Int64, _ standing: NoticeStanding, owner: SagaNumber?
    ) throws -> StoreResult {
        let insert = statements.insertNotice
        let claim = StoredClaim(verdict: notice.claim.verdict, facts: notice.claim.facts)
        try insert.bind(1, standing.storeCode)
        try insert.bind(2, SQLiteValue(owner))
        try insert.bind(3, source)
        try insert.bind(4, variant)
        try insert.bind(5, now.milliseconds)
        try insert.bind(6, notice.id)
        try insert.bind(7, notice.claim.reference)
        try insert.bind(8, try JournalEncoder().encode(claim))
        try insert.bind(9, notice.headers)
        try insert.bind(10, notice.body)
        try insert.run()
        let number = connection.lastInsertedRowID
        return .noticed(number, standing: standing, saga: try owner.map(id))
    }
}

extension SagaID {
    /// An id as a row holds it.
    init(stored text: String) throws(StoreError) {
        guard let id = SagaID(rawValue: text) else {
            throw StoreError(.corrupt, "a row holds a saga's id that no saga can have")
        }
        self = id
    }
}
