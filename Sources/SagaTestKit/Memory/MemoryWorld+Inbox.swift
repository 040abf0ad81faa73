internal import SagaEngine

extension MemoryWorld {
    /// Keeps a notice and wakes the saga that waits for it.
    func keep(_ new: NewNotice, at now: Timestamp) -> StoreResult {
        let notice = new.notice
        #if PLANTED_BUGS
            if Planted.is(.noticeNotDeduplicated), !new.isQuarantined,
                let expecting = expectations[notice.meetingPoint]?.saga
            {
                return store(notice, .fresh, of: expecting, at: now)
            }
        #endif
        if let same = numberOfVariant[notice.variant] {
            guard let kept = self.notice(same), kept.standing == .quarantined, !new.isQuarantined else {
                return .duplicate(same)
            }
        }
        if let quarantine = new.quarantine {
            if quarantined[notice.source, default: 0] >= quarantine.limit { return .full }
            return store(notice, .quarantined, of: nil, at: now)
        }
        let expecting = expectations[notice.meetingPoint]?.saga
        let isOtherBody = verified[notice.key, default: 0] > 0
        let isContradiction =
            contradictsEvidence(notice, of: expecting)
            || ((isOtherBody || isLookedAtNoMore(expecting)) && contradictsJournal(notice))
        if isOtherBody || isContradiction {
            guard hasRoom(for: notice, isContradiction: isContradiction) else { return .full }
            return store(notice, .conflicting, of: expecting, at: now)
        }
        guard let expecting, let saga = saga(expecting) else { return store(notice, .orphan, of: nil, at: now) }
        return store(notice, saga.isTerminal ? .late : .fresh, of: expecting, at: now)
    }

    /// Whether one more conflicting notice is kept: what says the opposite of how an effect has ended always is, unless
    /// the same has been said often enough under the same id.
    private func hasRoom(for notice: Notice, isContradiction: Bool) -> Bool {
        var beside = 0
        conflicts[notice.key]?.forEach(from: nil) { number in
            let known = self.notice(number)?.notice
            if !isContradiction || known.map({ $0.saysTheSame(as: notice) }) == true { beside += 1 }
            return true
        }
        return beside < NewNotice.otherBodyLimit
            && (isContradiction || conflicting[notice.source, default: 0] < NewNotice.conflictLimit)
    }

    /// Whether a notice contradicts one about the same reference that a stage has taken as its evidence.
    private func contradictsEvidence(_ notice: Notice, of owner: SagaNumber?) -> Bool {
        guard let owner else { return false }
        var isContradiction = false
        noticesOfSaga[owner]?.forEach(from: nil) { number in
            if let taken = self.notice(number), taken.standing == .consumed,
                taken.notice.meetingPoint == notice.meetingPoint
            {
                isContradiction = notice.claim.contradicts(taken.notice.claim)
            }
            return !isContradiction
        }
        return isContradiction
    }

    /// Whether no turn of a saga will look at a notice that comes now, unless a person acts.
    private func isLookedAtNoMore(_ number: SagaNumber?) -> Bool {
        guard let saga = number.flatMap(saga) else { return false }
        return saga.isTerminal || (saga.standing.status == .stuck && !saga.wakesOnNotice)
    }

    /// Whether the journal of the saga that expects a notice contradicts it about the end of the effect.
    private func contradictsJournal(_ notice: Notice) -> Bool {
        guard let (key, saga) = expectations[notice.meetingPoint] else { return false }
        let kinds = DecidedEffect.kinds(against: notice.claim.verdict)
        var effect = DecidedEffect(of: key)
        for entry in journal(of: saga) where kinds.contains(entry.kind) {
            effect.take(entry.kind, of: entry.stage, refusals: entry.refusals, body: entry.body)
        }
        return effect.isContradicted(by: notice.claim)
    }

    /// Binds a notice that nobody has looked at to the saga it is for.
    func assign(_ assignment: NoticeAssignment, at now: Timestamp) -> StoreResult {
        guard var notice = notice(assignment.number) else { return .missing }
        let expecting = expectations[notice.notice.meetingPoint]?.saga
        let named = assignment.saga.flatMap { numberOfID[$0] }
        let owner = assignment.saga == nil ? expecting : named
        let saga = owner.flatMap(self.saga)
        let contradicts = owner != nil && owner == expecting && contradictsJournal(notice.notice)
        guard let standing = notice.standing.bound(contradicts: contradicts, ended: saga?.isTerminal ?? false) else {
            return .stale(sequence: 0)
        }
        if assignment.saga != nil, named == nil { return .missing }
        notice.saga = owner
        notice.standing = saga == nil ? .orphan : standing
        update(notice)
        if let print = assignment.print { keep(print, at: now) }
        if let owner, notice.standing == .fresh { adopted(by: owner, at: now) }
        return .noticed(notice.number, standing: notice.standing, saga: saga?.seed.id)
    }

    /// Writes an expectation and gives its saga the notices that came before it.
    func expect(_ expectation: Expectation, by number: SagaNumber, at now: Timestamp) throws {
        if let standing = expectations[expectation.meetingPoint] {
            guard standing.key == expectation.key else {
                let message =
                    "\(expectation.source) reference \(expectation.reference) is expected for \(standing.key) already"
                throw OperationRefused(.violated(RecordViolation(code: "expectation.taken", message: message)))
            }
            return
        }
        expect(expectation, by: number)
        #if PLANTED_BUGS
            if Planted.is(.earlyNoticeDropped) { return }
        #endif
        var early: [Int64] = []
        orphans[expectation.meetingPoint]?.forEach(from: nil) {
            early.append($0); return true
        }
        for notice in early.compactMap(notice) {
            var adoptee = notice
            adoptee.saga = number
            adoptee.standing = .fresh
            update(adoptee)
        }
        if !early.isEmpty { adopted(by: number, at: now) }
    }

    func set(_ use: NoticeUse) throws {
        guard var notice = notice(use.number) else {
            throw StoreError(.misuse, "notice \(use.number) is given a standing but does not exist")
        }
        notice.standing = use.standing
        update(notice)
    }

    /// Keeps a notice, or lets it out of the quarantine when it waits there, and wakes the saga that it is fresh for.
    private func store(
        _ notice: Notice, _ standing: NoticeStanding, of owner: SagaNumber?, at now: Timestamp
    ) -> StoreResult {
        let kept: MemoryNotice
        if let known = numberOfVariant[notice.variant].flatMap(self.notice) {
            // The delivery that verified is the evidence from now on.
            kept = MemoryNotice(
                number: known.number, notice: notice, receivedAt: known.receivedAt, standing: standing,
                saga: owner)
            update(kept)
            if let owner, standing == .fresh { adopted(by: owner, at: now) }
        } else {
            kept = MemoryNotice(
                number: nextNoticeNumber, notice: notice, receivedAt: now, standing: standing, saga: owner)
            insert(kept)
            if let owner, standing == .fresh { wakeForNotice(owner, at: now) }
        }
        return .noticed(kept.number, standing: standing, saga: owner.flatMap { saga($0)?.seed.id })
    }

    /// The notice may have a lower number than those that its saga has seen, so the saga must look again before it
    /// sleeps.
    private func adopted(by number: SagaNumber, at now: Timestamp) {
        if var saga = saga(number), !saga.noticeArrived {
            saga.noticeArrived = true
            update(saga)
        }
        wakeForNotice(number, at: now)
    }

    private func wakeForNotice(_ number: SagaNumber, at now: Timestamp) {
        guard var saga = saga(number), saga.wakesOnNotice else { return }
        makeReady(&saga, at: now)
        update(saga)
    }
}
