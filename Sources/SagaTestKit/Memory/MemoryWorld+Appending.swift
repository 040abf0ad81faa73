internal import SagaEngine

/// A refusal inside an operation: its changes are undone and this is its result.
struct OperationRefused: Error {
    let result: StoreResult

    init(_ result: StoreResult) { self.result = result }
}

extension MemoryWorld {
    func submit(_ seed: NewSaga, at now: Timestamp) -> StoreResult {
        if let number = numberOfID[seed.id], let existing = saga(number) {
            let same = existing.seed.flow.name == seed.flow.name && existing.seed.input == seed.input
            return .exists(number, same: same)
        }
        return .submitted(start(seed, under: nil, origin: nil, pivoted: false, at: now))
    }

    func append(_ append: Append, epoch: Int64?, at now: Timestamp) throws -> StoreResult {
        guard var saga = saga(append.saga) else { return .missing }
        #if PLANTED_BUGS
            if Planted.is(.postedOutside) { try post(append.records) }
        #endif
        if let refusal = refusal(of: append.right, for: saga, epoch: epoch, at: now) { return refusal }
        switch append.right {
        case .claim: break
        case .version:
            if saga.holder != nil {
                // Its holder's lease is over; nobody may take this saga to be in hands any longer.
                saga.holder = nil
                makeReady(&saga, at: now)
            }
        }
        try checkSequence(of: append, after: saga)
        self.append(append.entries, to: saga.number)
        saga.sequence += append.entries.count
        if let link = append.entries.last?.link { saga.head = link }
        saga.standing = append.standing
        saga.updatedAt = now
        update(saga)

        try postOnce(append)
        for expectation in append.expectations { try expect(expectation, by: saga.number, at: now) }
        for use in append.notices { try set(use) }
        if let print = append.print { keep(print, at: now) }
        if let spawn = append.spawn { try self.spawn(spawn, under: saga.number, at: now) }
        return .appended(held: try dispose(append, at: now))
    }

    /// Starts a saga that is known not to exist.
    @discardableResult
    func start(
        _ seed: NewSaga, under parent: MemorySaga?, origin: SagaRow.Origin?, pivoted: Bool, at now: Timestamp
    ) -> SagaNumber {
        var saga = MemorySaga(
            number: nextSagaNumber, seed: seed, parent: parent?.number, parentID: parent?.seed.id, origin: origin,
            createdAt: now, head: seed.genesis, standing: Standing(status: .pending, pivoted: pivoted), updatedAt: now)
        makeReady(&saga, at: now)
        insert(saga)
        return saga.number
    }

    func makeReady(_ saga: inout MemorySaga, at now: Timestamp) {
        let place = saga.ready ?? nextReadyPlace(at: now, for: saga.number)
        saga.clearWaits()
        saga.ready = place
    }

    private func refusal(
        of right: Append.Right, for saga: MemorySaga, epoch: Int64?, at now: Timestamp
    ) -> StoreResult? {
        switch right {
        case .claim(let fence):
            #if PLANTED_BUGS
                if Planted.is(.noFence) { return saga.isTerminal ? .fenced : nil }
            #endif
            guard let epoch, saga.holder == epoch, saga.fence == fence, !saga.isTerminal else { return .fenced }
            return nil
        case .version(let version):
            if saga.isTerminal { return .stale(sequence: saga.sequence) }
            if let holder = saga.holder, let lease = lease(epoch: holder), !lease.isDead, lease.expires > now {
                return .busy
            }
            return saga.sequence == version ? nil : .stale(sequence: saga.sequence)
        }
    }

    private func checkSequence(of append: Append, after saga: MemorySaga) throws {
        #if PLANTED_BUGS
            if Planted.is(.noFence) { return }
        #endif
        var expected = saga.sequence
        for entry in append.entries {
            expected += 1
            guard entry.sequence == expected else {
                throw StoreError(
                    .misuse, "saga \(saga.seed.id): entry \(entry.sequence) given where \(expected) comes next")
            }
        }
    }

    private func postOnce(_ append: Append) throws {
        #if PLANTED_BUGS
            if Planted.is(.postedOutside) { return }
        #endif
        try post(append.records)
    }

    private func post(_ records: [CausedRecord]) throws {
        for caused in records {
            guard let handler = handlers[caused.record.kind] else {
                let message = "no handler is registered for records of kind \(caused.record.kind)"
                throw OperationRefused(
                    .violated(RecordViolation(code: "books.unknown_record", message: message)))
            }
            do {
                try handler.apply(caused.record, cause: caused.cause, to: MemoryRecordTransaction(world: self))
            } catch let violation as RecordViolation {
                throw OperationRefused(.violated(violation))
            } catch let error as StoreError {
                throw error
            } catch {
                let message = "the handler of \(caused.record.kind) failed: \(type(of: error))"
                throw OperationRefused(.violated(RecordViolation(code: "books.failed", message: message)))
            }
        }
    }

    private func spawn(_ spawn: Spawn, under parent: SagaNumber, at now: Timestamp) throws {
        guard var parent = saga(parent) else { return }
        for child in spawn.children {
            if let number = numberOfID[child.saga.id], let existing = saga(number) {
                guard existing.parent == parent.number else {
                    let message = "saga \(child.saga.id) exists and is no child of \(parent.seed.id)"
                    throw OperationRefused(.violated(RecordViolation(code: "spawn.taken", message: message)))
                }
                continue
            }
            let origin = SagaRow.Origin(stage: spawn.stage, element: child.element)
            start(child.saga, under: parent, origin: origin, pivoted: spawn.pivoted, at: now)
            parent.openChildren += 1
        }
        update(parent)
    }

    /// Lets go of the saga or not, as its writer wants; whether the writer holds it still.
    private func dispose(_ append: Append, at now: Timestamp) throws -> Bool {
        guard var saga = saga(append.saga) else { return false }
        let isHolder = saga.holder != nil
        defer { update(saga) }
        switch append.disposition {
        case .carryOn:
            return isHolder
        case .release:
            saga.holder = nil
            makeReady(&saga, at: now)
            return false
        case .sleep(let wake):
            return sleep(&saga, until: wake, seen: append.noticesSeen, isHolder: isHolder, at: now)
        case .end(let output):
            saga.holder = nil
            saga.clearWaits()
            saga.output = output
            if let parent = saga.parent { childEnded(of: parent, at: now) }
            return false
        }
    }

    private func sleep(
        _ saga: inout MemorySaga, until wake: Wake, seen: Int64, isHolder: Bool, at now: Timestamp
    ) -> Bool {
        let hasNotice = wake.onNotice && (saga.noticeArrived || hasFreshNotice(saga.number, after: seen))
        if hasNotice || (wake.onChildren && saga.openChildren == 0) {
            saga.noticeArrived = false
            if !isHolder { makeReady(&saga, at: now) }
            return isHolder
        }
        saga.holder = nil
        saga.clearWaits()
        saga.wakeAt = wake.at
        saga.wakesOnNotice = wake.onNotice
        saga.wakesOnChildren = wake.onChildren
        return false
    }

    private func hasFreshNotice(_ number: SagaNumber, after seen: Int64) -> Bool {
        var found = false
        noticesOfSaga[number]?.forEach(from: seen == .max ? .max : seen + 1) { candidate in
            found = notice(candidate)?.standing == .fresh
            return !found
        }
        return found
    }

    private func childEnded(of number: SagaNumber, at now: Timestamp) {
        guard var parent = saga(number) else { return }
        parent.openChildren -= 1
        #if PLANTED_BUGS
            if Planted.is(.lostChildWake) {
                update(parent)
                return
            }
        #endif
        if parent.openChildren == 0, parent.wakesOnChildren { makeReady(&parent, at: now) }
        update(parent)
    }
}
