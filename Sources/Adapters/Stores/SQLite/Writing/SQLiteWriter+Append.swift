internal import SagaEngine

extension SQLiteWriter {
    func saga(_ number: SagaNumber) throws -> WritableSaga? {
        if let known = known[number] { return known }
        let find = statements.findSaga
        try find.bind(1, number)
        defer { find.reset() }
        guard try find.step() else { return nil }
        offers.touch(number)
        var found = try WritableSaga(find)
        if let open = endedFamilies[number] { found.openChildren = open }
        if desk.hold(of: number) != nil { found.takeInHand() }
        known.keep(found)
        return found
    }

    /// Extends a saga's journal with everything that goes with it.
    func append(_ append: Append, epoch: Int64?) throws -> StoreResult {
        guard var saga = try saga(append.saga) else { return .missing }
        if let refusal = try refusal(of: append.right, for: saga, epoch: epoch) { return refusal }
        try checkSequence(of: append, after: saga)
        do {
            let fate =
                if Self.needsSavepoint(append) {
                    try undoing { try write(append, to: &saga) }
                } else {
                    try write(append, to: &saga)
                }
            if fate != .held { desk.letGo(saga.number, isAtRest: fate != .queued) }
            if fate == .ended { known.forget(saga.number) } else { known.keep(saga) }
            return .appended(held: fate == .held)
        } catch let refused as OperationRefused {
            return refused.result
        }
    }

    /// What has become of a saga by an append.
    private enum Fate {
        case held, queued, asleep, ended
    }

    /// Whether the append may be refused when it has already written: otherwise what can refuse it is looked at before.
    private static func needsSavepoint(_ append: Append) -> Bool {
        append.expectations.count > 1 || append.spawn != nil
    }

    /// Runs a part of an operation of which nothing remains when it throws.
    private func undoing(_ body: () throws -> Fate) throws -> Fate {
        let before = tail.mark
        try writeEntries()
        try writeOpenChildren()
        do {
            return try connection.savepoint("operation", body)
        } catch {
            tail.rewind(to: before)
            forget()
            throw error
        }
    }

    private func refusal(of right: Append.Right, for saga: WritableSaga, epoch: Int64?) throws -> StoreResult? {
        switch right {
        case .claim(let fence):
            guard let epoch, let hold = desk.hold(of: saga.number), hold.epoch == epoch, hold.fence == fence,
                !saga.isTerminal
            else { return .fenced }
            return nil
        case .version(let version):
            if saga.isTerminal { return .stale(sequence: saga.sequence) }
            if let hold = desk.hold(of: saga.number), try isLive(epoch: hold.epoch) { return .busy }
            return saga.sequence == version ? nil : .stale(sequence: saga.sequence)
        }
    }

    private func write(_ append: Append, to saga: inout WritableSaga) throws -> Fate {
        offers.touch(saga)
        var isHolder = true
        if case .version = append.right {
            isHolder = false
            // A holder whose lease is over: nobody may take this saga to be in hands any longer.
            if desk.hold(of: saga.number) != nil { saga.makeReady(nextPlace()) }
        }
        // What may be refused comes first: the handlers' word before anything is written, then what others may hold.
        let books = try append.records.isEmpty ? nil : post(append.records)
        for expectation in append.expectations { try expect(expectation, by: &saga) }
        if let spawn = append.spawn { saga.openChildren += try self.spawn(spawn, under: saga) }
        try books?.write()
        for use in append.notices { try set(use, of: &saga) }
        for entry in append.entries { insert(entry, into: &saga) }
        if let print = append.print { _ = try keep(print) }
        saga.status = append.standing.status
        return try dispose(append, of: &saga, isHolder: isHolder)
    }

    private func checkSequence(of append: Append, after saga: WritableSaga) throws {
        var next = saga.sequence
        for entry in append.entries {
            next += 1
            guard entry.sequence == next else {
                throw StoreError(
                    .misuse,
                    "saga \(saga.id): entry \(entry.sequence) is given where \(next) comes next")
            }
        }
    }

    /// Numbers an entry, which is written with the others of the transaction.
    private func insert(_ entry: JournalEntry, into saga: inout WritableSaga) {
        saga.sequence += 1
        saga.past?.append(entry)
        tail.lastEntry += 1
        tail.links.append(entry.link)
        entries.append(NumberedEntry(number: tail.lastEntry, saga: saga.number, entry: entry))
    }

    /// Keeps the saga in hand or lets go of it, as its writer wants.
    private func dispose(_ append: Append, of saga: inout WritableSaga, isHolder: Bool) throws -> Fate {
        switch append.disposition {
        case .carryOn: return try keep(append, &saga, isHolder: isHolder)
        case .release:
            saga.makeReady(nextPlace())
            try update(append, free: &saga)
            return .queued
        case .sleep(let wake):
            let hasNotice =
                try wake.onNotice && (saga.stirred || hasFreshNotice(saga, after: append.noticesSeen))
            if hasNotice || (wake.onChildren && saga.openChildren == 0) {
                saga.stirred = false
                if !isHolder { saga.makeReady(nextPlace()) }
                return try keep(append, &saga, isHolder: isHolder)
            }
            saga.ready = nil
            saga.wake = wake.at?.milliseconds
            saga.sleep = []
            if wake.onNotice { saga.sleep.insert(.onNotice) }
            if wake.onChildren { saga.sleep.insert(.onChildren) }
            try update(append, free: &saga)
            return .asleep
        case .end(let output):
            try update(append, saga, output: output)
            if let parent = saga.parent { try childEnded(of: parent) }
            return .ended
        }
    }

    /// Leaves the saga with its holder; one that nobody holds stays as it is, ready or asleep.
    private func keep(_ append: Append, _ saga: inout WritableSaga, isHolder: Bool) throws -> Fate {
        if isHolder {
            try update(append, held: saga)
            return .held
        }
        try update(append, free: &saga)
        return .queued
    }

    private func hasFreshNotice(_ saga: WritableSaga, after seen: Int64) throws -> Bool {
        if let past = saga.past { return past.hasFreshNotice(after: seen) }
        let find = statements.hasFreshNotice
        try find.bind(1, saga.number)
        try find.bind(2, seen)
        defer { find.reset() }
        return try find.step()
    }

    private func childEnded(of number: SagaNumber) throws {
        guard var parent = try saga(number) else { return }
        offers.touch(parent)
        parent.openChildren -= 1
        endedFamilies[number] = parent.openChildren
        if parent.openChildren == 0, parent.sleep.contains(.onChildren) { try writeReady(&parent) }
        known.keep(parent)
    }

    /// Writes how many children the families have left in which some have ended: one row a transaction, however many.
    func writeOpenChildren() throws {
        guard !endedFamilies.isEmpty else { return }
        for (parent, open) in endedFamilies.sorted(by: { $0.key < $1.key }) {
            let update = statements.childEnded
            try update.bind(1, parent)
            try update.bind(2, open)
            try update.run()
        }
        endedFamilies.removeAll(keepingCapacity: true)
    }
}
