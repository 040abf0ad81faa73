internal import SagaEngine

/// What the writer needs to know of a saga before it writes; changed as the operation goes on.
struct WritableSaga {
    let number: SagaNumber
    var sequence: Int
    var fence: Int64
    var holder: Int64?
    var ready: Int64?
    var wake: Int64?
    var sleep: SleepBits
    /// A notice became its own by being adopted or bound, perhaps under a number below the ones already looked at.
    var stirred: Bool
    var openChildren: Int64
    let isTerminal: Bool
    let parent: SagaNumber?

    init(_ number: SagaNumber, _ row: SQLiteStatement) throws {
        self.number = number
        sequence = Int(row.int64(0))
        fence = row.int64(1)
        holder = row.optionalInt64(2)
        ready = row.optionalInt64(3)
        wake = row.optionalInt64(4)
        sleep = SleepBits(rawValue: row.int64(5))
        stirred = row.int64(6) != 0
        openChildren = row.int64(7)
        isTerminal = try SagaStatus(storeCode: row.int64(8)).isTerminal || row.int64(10) != 0
        parent = row.optionalInt64(9)
    }

    mutating func makeReady(_ place: Int64) {
        ready = ready ?? place
        wake = nil
        sleep = []
    }
}

extension SQLiteWriter {
    func saga(_ number: SagaNumber) throws -> WritableSaga? {
        let find = statements.findSaga
        try find.bind(1, number)
        defer { find.reset() }
        return try find.step() ? try WritableSaga(number, find) : nil
    }

    /// A saga's id; the hot path does without.
    func id(of number: SagaNumber) throws -> SagaID {
        let text = try connection.firstRow("SELECT id FROM saga WHERE number = ?", .integer(number)) { $0.text(0) }
        guard let text else { throw StoreError(.corrupt, "a row refers to saga \(number), which does not exist") }
        return try SagaID(stored: text)
    }

    /// Extends a saga's journal with everything that goes with it.
    func append(_ append: Append, epoch: Int64?) throws -> StoreResult {
        guard var saga = try saga(append.saga) else { return .missing }
        if let refusal = try refusal(of: append.right, for: saga, epoch: epoch) { return refusal }
        try checkSequence(of: append, after: saga)
        let stages = try append.entries.map { try names.intern($0.stage.rawValue) }
        do {
            if try needsSavepoint(append) {
                let before = tail.mark
                do {
                    return try connection.savepoint("operation") { try write(append, stages, to: &saga) }
                } catch {
                    tail.rewind(to: before)
                    // Names that were made inside are gone with what was undone.
                    names.forget()
                    throw error
                }
            }
            return try write(append, stages, to: &saga)
        } catch let refused as OperationRefused {
            return refused.result
        }
    }

    /// Whether the append may have to be undone by itself: otherwise what can refuse it is looked at before it writes.
    private func needsSavepoint(_ append: Append) throws -> Bool {
        for expectation in append.expectations {
            _ = try names.intern(expectation.source.rawValue)
            _ = try names.intern(expectation.key.stage.rawValue)
        }
        if let spawn = append.spawn {
            _ = try names.intern(spawn.stage.rawValue)
            for child in spawn.children { _ = try flows.intern(child.saga.flow) }
        }
        return !append.records.isEmpty || append.expectations.count > 1 || append.spawn != nil
    }

    private func refusal(of right: Append.Right, for saga: WritableSaga, epoch: Int64?) throws -> StoreResult? {
        switch right {
        case .claim(let fence):
            guard let epoch, saga.holder == epoch, saga.fence == fence, !saga.isTerminal else { return .fenced }
            return nil
        case .version(let version):
            if saga.isTerminal { return .stale(sequence: saga.sequence) }
            if let holder = saga.holder, try isLive(epoch: holder) { return .busy }
            return saga.sequence == version ? nil : .stale(sequence: saga.sequence)
        }
    }

    private func write(_ append: Append, _ stages: [Int64], to saga: inout WritableSaga) throws -> StoreResult {
        if case .version = append.right {
            saga.fence += 1
            if saga.holder != nil {
                // Its holder's lease is over; nobody may take this saga to be in hands any longer.
                saga.holder = nil
                saga.makeReady(nextPlace())
            }
        }
        // What may be refused is written first.
        try post(append.records, of: saga)
        for expectation in append.expectations { try expect(expectation, by: &saga) }
        for use in append.notices { try set(use) }
        if let spawn = append.spawn { saga.openChildren += try self.spawn(spawn, under: saga) }
        try insert(append.entries, stages, into: &saga)
        return .appended(held: try dispose(append, of: &saga))
    }

    private func checkSequence(of append: Append, after saga: WritableSaga) throws {
        var next = saga.sequence
        for entry in append.entries {
            next += 1
            guard entry.sequence == next else {
                throw StoreError(
                    .misuse,
                    "saga \(try id(of: saga.number)): entry \(entry.sequence) is given where \(next) comes next")
            }
        }
    }

    private func insert(_ entries: [JournalEntry], _ stages: [Int64], into saga: inout WritableSaga) throws {
        let insert = statements.insertEntry
        for (entry, stage) in zip(entries, stages) {
            saga.sequence += 1
            tail.lastEntry += 1
            tail.links.append(entry.link)
            try insert.bind(1, tail.lastEntry)
            try insert.bind(2, saga.number)
            try insert.bind(3, Int64(entry.sequence))
            try insert.bind(4, stage)
            try insert.bind(5, Int64(entry.refusals))
            try insert.bind(6, Int64(entry.kind.rawValue))
            try insert.bind(7, entry.at.milliseconds)
            try insert.bind(8, entry.body)
            try insert.bind(9, entry.link.bytes)
            try insert.run()
        }
    }

    /// Lets go of the saga or not, as its writer wants; whether the writer holds it still.
    private func dispose(_ append: Append, of saga: inout WritableSaga) throws -> Bool {
        let isHolder = saga.holder != nil
        switch append.disposition {
        case .carryOn:
            try update(append, saga, letsGo: !isHolder)
            return isHolder
        case .release:
            saga.makeReady(nextPlace())
            try update(append, saga, letsGo: true)
            return false
        case .sleep(let wake):
            return try sleep(append, until: wake, saga: &saga, isHolder: isHolder)
        case .end(let output):
            try update(append, saga, output: output)
            if let parent = saga.parent { try childEnded(of: parent) }
            return false
        }
    }

    private func sleep(
        _ append: Append, until wake: Wake, saga: inout WritableSaga, isHolder: Bool
    ) throws -> Bool {
        let hasNotice =
            try wake.onNotice && (saga.stirred || hasFreshNotice(saga.number, after: append.noticesSeen))
        if hasNotice || (wake.onChildren && saga.openChildren == 0) {
            saga.stirred = false
            if !isHolder { saga.makeReady(nextPlace()) }
            try update(append, saga, letsGo: !isHolder)
            return isHolder
        }
        saga.ready = nil
        saga.wake = wake.at?.milliseconds
        saga.sleep = []
        if wake.onNotice { saga.sleep.insert(.onNotice) }
        if wake.onChildren { saga.sleep.insert(.onChildren) }
        try update(append, saga, letsGo: true)
        return false
    }

    private func hasFreshNotice(_ number: SagaNumber, after seen: Int64) throws -> Bool {
        let find = statements.hasFreshNotice
        try find.bind(1, number)
        try find.bind(2, seen)
        defer { find.reset() }
        return try find.step()
    }

    private func childEnded(of number: SagaNumber) throws {
        guard var parent = try saga(number) else { return }
        parent.openChildren -= 1
        if parent.openChildren == 0, parent.sleep.contains(.onChildren) { parent.makeReady(nextPlace()) }
        try connection.run(
            "UPDATE saga SET open = ?, updated = ?, ready = ?, wake = ?, sleep = ? WHERE number = ?",
            .integer(parent.openChildren), .integer(now.milliseconds), SQLiteValue(parent.ready),
            SQLiteValue(parent.wake), .integer(parent.sleep.rawValue), .integer(number))
    }
}
