internal import SagaEngine

extension Batch {
    /// Starts a saga, or tells that it exists.
    func submit(_ new: NewSaga) throws -> StoreResult {
        if let number = startedHere[new.id], let start = changes.starts.first(where: { $0.number == number }) {
            let isSame = start.seed.flow.name == new.flow.name && start.seed.input == new.input
            return .exists(number, same: isSame)
        }
        let flow = try number(of: new.flow)
        if let known = try started(new.id) {
            return .exists(known.number, same: known.flow == new.flow.name && known.input == new.input)
        }
        guard let number = try takeSagaNumbers(1).first else { throw FactMissing() }
        let start = BatchChanges.Start(number: number, seed: new, stage: nil, parent: nil, origin: nil)
        begin(start, flow: flow, under: nil, pivoted: false, at: nextPlace())
        return .submitted(number)
    }

    /// Extends a saga's journal with everything that goes with it.
    func append(_ append: Append, epoch: Int64?) throws -> StoreResult {
        guard var saga = try saga(append.saga) else { return .missing }
        if let refusal = try refusal(of: append.right, for: saga, epoch: epoch) { return refusal }
        try checkSequence(of: append, after: saga)

        // What may be refused, or depend on what is not known yet, comes before anything counts.
        let books = try post(append.records)
        let appointments = try appointments(of: append, by: saga)
        let children = try children(of: append.spawn, under: saga)
        let stages = try append.entries.map { (entry) throws(FactMissing) in try number(of: entry.stage.rawValue) }
        let fate = try fate(of: append, saga, appointments, started: Int64(children.count))

        var isHolder = true
        if case .version = append.right {
            isHolder = false
            // A holder whose lease is over: nobody may take this saga to be in hands any longer.
            if let holder = saga.holder {
                saga.holder = nil
                saga.makeReady(changes.endedLeases[holder] ?? nextPlace())
            }
        }
        books.write()
        if !append.notices.isEmpty { saga.isAnswered() }
        meet(appointments, by: &saga)
        spawn(children, of: append.spawn, under: &saga)
        for use in append.notices {
            changes.uses.append((use.number, use.standing, saga.number))
            changes.boundAfterUse.remove(use.number)
        }
        for (entry, stage) in zip(append.entries, stages) {
            changes.entries.append(
                BatchChanges.Entry(saga: saga.number, place: takeEntryPlace(), stage: stage, entry: entry))
        }
        if let print = append.print { keep(print) }
        try describe(append, in: &saga)
        let isHeld = settle(append, fate, of: &saga, isHolder: isHolder)
        sagas[saga.number] = saga
        return .appended(held: isHeld)
    }

    private func refusal(
        of right: Append.Right, for saga: BatchSaga, epoch: Int64?
    ) throws(FactMissing) -> StoreResult? {
        let holder = saga.holder.flatMap { changes.endedLeases[$0] == nil ? $0 : nil }
        switch right {
        case .claim(let fence):
            guard let epoch, holder == epoch, saga.fence == fence, !saga.isTerminal else { return .fenced }
            return nil
        case .version(let version):
            if saga.isTerminal { return .stale(sequence: saga.sequence) }
            if let holder, try isLive(epoch: holder) { return .busy }
            return saga.sequence == version ? nil : .stale(sequence: saga.sequence)
        }
    }

    private func checkSequence(of append: Append, after saga: BatchSaga) throws(StoreError) {
        var next = saga.sequence
        for entry in append.entries {
            next += 1
            guard entry.sequence == next else {
                throw StoreError(
                    .misuse, "saga \(saga.id): entry \(entry.sequence) is given where \(next) comes next")
            }
        }
    }

    // MARK: - Expectations

    /// Expectations that are new, and those of them that notices have waited for.
    fileprivate struct Appointments {
        var new: [(point: MeetingPoint, expected: BatchFacts.Expected)] = []
        var adopting: [MeetingPoint] = []
        /// The numbers of those notices.
        var adopted: [Int64] = []
    }

    private func appointments(of append: Append, by saga: BatchSaga) throws -> Appointments {
        var appointments = Appointments()
        for expectation in append.expectations {
            let point = MeetingPoint(
                source: try number(of: expectation.source.rawValue),
                reference: ByteText(expectation.reference))
            let wanted = BatchFacts.Expected(
                saga: saga.number, stage: try number(of: expectation.key.stage.rawValue),
                refusals: Int64(expectation.key.refusals))
            let own = appointments.new.first { $0.point == point }?.expected
            let standing = try own ?? expected(at: point)
            if let standing {
                guard standing == wanted else { throw Self.taken(expectation) }
                continue
            }
            appointments.new.append((point, wanted))
            let waiting = try orphans(at: point)
            if !waiting.isEmpty {
                appointments.adopting.append(point)
                appointments.adopted += waiting
            }
        }
        return appointments
    }

    private static func taken(_ expectation: Expectation) -> OperationRefused {
        let message = "\(expectation.source) reference \(expectation.reference) is expected by another stage"
        return OperationRefused(result: .violated(RecordViolation(code: "expectation.taken", message: message)))
    }

    /// The numbers of the notices that wait for an expectation; one that this batch keeps has none yet, and counts as
    /// the highest.
    private func orphans(at point: MeetingPoint) throws(FactMissing) -> [Int64] {
        guard var numbers = facts.orphans[point] else {
            needs.orphans.insert(point)
            throw FactMissing()
        }
        for notice in boundHere.values where notice.point == point {
            numbers.removeAll { $0 == notice.number }
            if notice.standing == .orphan { numbers.append(notice.number) }
        }
        if changes.keepings.contains(where: { $0.isOrphan(at: point) }) { numbers.append(.max) }
        numbers += changes.releases.filter { $0.isOrphan(at: point) }.map(\.number)
        return numbers
    }

    private func meet(_ appointments: Appointments, by saga: inout BatchSaga) {
        for (point, expected) in appointments.new { expect(expected, at: point) }
        saga.expect(appointments.new.map(\.point))
        for point in appointments.adopting { changes.adoptions.append((point, saga.number)) }
        adoptedHere[saga.number, default: []] += appointments.adopted
        guard !appointments.adopting.isEmpty else { return }
        // They may have lower numbers than those it has seen, so the saga must look again before it sleeps.
        saga.stirred = true
        if saga.sleep.contains(.onNotice) { saga.makeReady(nextPlace()) }
    }

    // MARK: - Children

    /// A child that is to be started.
    fileprivate struct Child {
        let child: Spawn.Child
        let flow: Int64
        let stage: Int64
        let number: SagaNumber
    }

    private func children(of spawn: Spawn?, under parent: BatchSaga) throws -> [Child] {
        guard let spawn else { return [] }
        let stage = try number(of: spawn.stage.rawValue)
        var new: [Spawn.Child] = []
        var seen: Set<SagaID> = []
        for child in spawn.children where seen.insert(child.saga.id).inserted {
            if let known = try number(of: child.saga.id) {
                let owner =
                    try startedHere[child.saga.id] == nil ? started(child.saga.id)?.parent : sagas[known]?.parent
                guard owner == parent.number else {
                    let message = "saga \(child.saga.id) exists and is no child of \(parent.id)"
                    throw OperationRefused(result: .violated(RecordViolation(code: "spawn.taken", message: message)))
                }
                continue
            }
            new.append(child)
        }
        return try zip(new, try takeSagaNumbers(new.count)).map { child, number in
            Child(child: child, flow: try self.number(of: child.saga.flow), stage: stage, number: number)
        }
    }

    /// Starts children. Each stands a little behind the one before it in the queue, so that a family of a hundred
    /// thousand lets others go in between.
    private func spawn(_ children: [Child], of spawn: Spawn?, under parent: inout BatchSaga) {
        guard let spawn else { return }
        let spacing = ReadyPlace.first(at: Timestamp(milliseconds: childSpacing.milliseconds))
        for new in children {
            let place = max(nextPlace(), parent.lane)
            parent.lane = place + spacing
            let start = BatchChanges.Start(
                number: new.number, seed: new.child.saga, stage: new.stage, parent: parent.id,
                origin: SagaRow.Origin(stage: spawn.stage, element: new.child.element))
            begin(start, flow: new.flow, under: parent.number, pivoted: spawn.pivoted, at: place)
        }
        parent.spawned += Int64(children.count)
    }

    private func begin(
        _ start: BatchChanges.Start, flow: Int64, under parent: SagaNumber?, pivoted: Bool, at place: Int64
    ) {
        startedHere[start.seed.id] = start.number
        sagas[start.number] = BatchSaga(
            starting: start.seed, as: start.number, flow: flow, under: parent, pivoted: pivoted, at: place)
        changes.starts.append(start)
    }

    // MARK: - What becomes of it

    /// What becomes of a saga by an append, as far as facts decide it.
    private enum Fate {
        case carryOn, release, awake, asleep(Wake), end
    }

    private func fate(
        of append: Append, _ saga: BatchSaga, _ appointments: Appointments, started: Int64
    ) throws -> Fate {
        switch append.disposition {
        case .carryOn: return .carryOn
        case .release: return .release
        case .end: return .end
        case .sleep(let wake):
            if wake.onNotice {
                let isStirred = saga.stirred || !appointments.adopting.isEmpty
                if try isStirred || hasFreshNotice(saga, beside: append) { return .awake }
            }
            if wake.onChildren, started == 0, try openChildren(of: saga) == 0 { return .awake }
            return .asleep(wake)
        }
    }

    /// Whether a fresh notice is there that the append's writer has not looked at.
    private func hasFreshNotice(_ saga: BatchSaga, beside append: Append) throws(FactMissing) -> Bool {
        if changes.keepings.contains(where: { $0.saga == saga.number && $0.standing == .fresh }) { return true }
        let isNew = startedHere[saga.id] != nil
        guard let stored = isNew ? [] : facts.fresh[saga.number] else {
            needs.fresh.insert(saga.number)
            throw FactMissing()
        }
        var fresh = Set(stored).union(adoptedHere[saga.number, default: []])
        for notice in boundHere.values where notice.saga == saga.number && notice.standing == .fresh {
            fresh.insert(notice.number)
        }
        for release in changes.releases where release.saga == saga.number && release.standing == .fresh {
            fresh.insert(release.number)
        }
        for use in changes.uses where !changes.boundAfterUse.contains(use.number) {
            if use.standing != .fresh { fresh.remove(use.number) }
        }
        for use in append.notices {
            if use.standing == .fresh { fresh.insert(use.number) } else { fresh.remove(use.number) }
        }
        return fresh.contains { $0 > append.noticesSeen }
    }

    private func describe(_ append: Append, in saga: inout BatchSaga) throws(StoreError) {
        saga.sequence += append.entries.count
        if let last = append.entries.last { saga.head = last.link }
        saga.status = append.standing.status
        saga.pivoted = append.standing.pivoted
        saga.describe(
            exposures: try append.standing.exposures.isEmpty ? [] : ExposureText.write(append.standing.exposures),
            predicament: append.standing.predicament)
        saga.mark(.whole)
    }

    /// Keeps the saga in hand or lets go of it; whether its writer holds it still.
    private func settle(_ append: Append, _ fate: Fate, of saga: inout BatchSaga, isHolder: Bool) -> Bool {
        switch fate {
        case .carryOn: return isHolder
        case .release:
            saga.holder = nil
            saga.makeReady(nextPlace())
            return false
        case .awake:
            saga.stirred = false
            if !isHolder { saga.makeReady(nextPlace()) }
            return isHolder
        case .asleep(let wake):
            saga.holder = nil
            saga.ready = nil
            saga.wake = wake.at
            saga.sleep = []
            if wake.onNotice {
                saga.sleep.insert(.onNotice)
                changes.sleepers[saga.number] = append.noticesSeen
            }
            if wake.onChildren { saga.sleep.insert(.onChildren) }
            return false
        case .end:
            saga.holder = nil
            saga.ready = nil
            saga.wake = nil
            saga.sleep = []
            saga.hasEnded = true
            saga.mark(.end)
            if case .end(let output) = append.disposition { outputs[saga.number] = output }
            if let parent = saga.parent {
                changes.childEnds[parent, default: 0] += 1
                changes.parentPlaces[parent] = nextPlace()
            }
            return false
        }
    }
}

extension BatchChanges.Keeping {
    fileprivate func isOrphan(at point: MeetingPoint) -> Bool {
        standing == .orphan && source == point.source && ByteText(notice.claim.reference) == point.reference
    }
}

extension BatchChanges.Release {
    fileprivate func isOrphan(at point: MeetingPoint) -> Bool {
        standing == .orphan && source == point.source && ByteText(notice.claim.reference) == point.reference
    }
}
