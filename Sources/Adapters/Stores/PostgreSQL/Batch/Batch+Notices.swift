internal import SagaEngine

extension Batch {
    /// Keeps a notice and wakes the saga that waits for it.
    func keep(_ new: NewNotice) throws -> StoreResult {
        let notice = new.notice
        let identity = NoticeIdentity(source: try number(of: notice.source.rawValue), id: ByteText(notice.id))
        let known = try bodies(of: identity)
        let same = known.first { $0.bytes == notice.body }
        if let same, same.standing != .quarantined || new.isQuarantined { return .duplicate(same.number) }
        if let quarantine = new.quarantine {
            if try quarantined(from: identity.source) >= quarantine.limit { return .full }
            return store(notice, identity, .quarantined, owner: nil, beside: known, releasing: nil)
        }
        let point = MeetingPoint(source: identity.source, reference: ByteText(notice.claim.reference))
        let expecting = try expected(at: point)
        let owner = try expecting.flatMap { try saga($0.saga) }
        let isOtherBody = known.contains { $0.variant >= 0 }
        let isContradiction =
            try contradictsEvidence(notice, at: point, of: owner?.number)
            || contradictsEnd(notice.claim, expecting, of: owner, isLookedAt: !isOtherBody)
        if isOtherBody || isContradiction {
            guard try hasRoom(for: notice, identity, isContradiction: isContradiction, beside: known) else {
                return .full
            }
            return store(notice, identity, .conflicting, owner: owner, beside: known, releasing: same)
        }
        let standing: NoticeStanding = owner.map { $0.isTerminal ? .late : .fresh } ?? .orphan
        return store(notice, identity, standing, owner: owner, beside: known, releasing: same)
    }

    /// Whether one more conflicting notice is kept. A contradiction of how an effect has ended always is, unless enough
    /// under its own id say the same already: it is what holds up a payment.
    private func hasRoom(
        for notice: Notice, _ identity: NoticeIdentity, isContradiction: Bool, beside known: [BatchFacts.Body]
    ) throws -> Bool {
        let conflicts = known.filter { (boundHere[$0.number]?.standing ?? $0.standing) == .conflicting }
        guard isContradiction else {
            return try conflicts.count < NewNotice.otherBodyLimit
                && self.conflicts(from: identity.source) < NewNotice.conflictLimit
        }
        let like = try conflicts.count { body in
            guard let claim = body.claim else {
                throw StoreError(.corrupt, "the claim of notice \(body.number) cannot be read")
            }
            return Notice(source: notice.source, id: notice.id, claim: claim, body: [], headers: "")
                .saysTheSame(as: notice)
        }
        return like < NewNotice.otherBodyLimit
    }

    /// Keeps a notice, or lets it out of the quarantine when it waits there, and wakes the saga that it is fresh for.
    private func store(
        _ notice: Notice, _ identity: NoticeIdentity, _ standing: NoticeStanding, owner: BatchSaga?,
        beside known: [BatchFacts.Body], releasing quarantined: BatchFacts.Body?
    ) -> StoreResult {
        var known = known
        let next = (known.map(\.variant).max() ?? -1).advanced(by: 1)
        let variant = standing == .quarantined ? (known.map(\.variant).min() ?? 0) - 1 : next
        let number: Int64
        if let quarantined {
            number = quarantined.number
            changes.releases.append(
                BatchChanges.Release(
                    number: number, notice: notice, source: identity.source, variant: max(0, next), standing: standing,
                    saga: owner?.number))
            known.removeAll { $0.number == number }
        } else {
            number = -1 - Int64(changes.keepings.count)
            changes.keepings.append(
                BatchChanges.Keeping(
                    notice: notice, source: identity.source,
                    variant: standing == .quarantined ? min(-1, variant) : max(0, variant),
                    standing: standing, saga: owner?.number))
        }
        known.append(
            BatchFacts.Body(
                number: number, variant: standing == .quarantined ? min(-1, variant) : max(0, next), standing: standing,
                bytes: notice.body, claim: notice.claim))
        bodiesHere[identity] = known
        if let owner, standing == .fresh { rouse(owner, isOutOfTurn: quarantined != nil) }
        return .noticed(number, standing: standing, saga: owner?.id)
    }

    /// Wakes the saga of a notice; one that came out of turn may have a lower number than those that the saga has seen,
    /// so the saga must look again before it sleeps. The row of one that nobody holds is written in any case: by its
    /// version whoever claims it sees that something has come.
    private func rouse(_ saga: BatchSaga, isOutOfTurn: Bool) {
        var saga = saga
        if isOutOfTurn { saga.stirred = true }
        if isOutOfTurn || saga.holder == nil { saga.mark(.queue) }
        if saga.sleep.contains(.onNotice) { saga.makeReady(nextPlace()) }
        sagas[saga.number] = saga
    }

    private func bodies(of identity: NoticeIdentity) throws(FactMissing) -> [BatchFacts.Body] {
        if let here = bodiesHere[identity] { return here }
        guard let known = facts.bodies[identity] else {
            needs.bodies.insert(identity)
            throw FactMissing()
        }
        return known
    }

    private func quarantined(from source: Int64) throws(FactMissing) -> Int {
        guard let known = facts.quarantined[source] else {
            needs.quarantined.insert(source)
            throw FactMissing()
        }
        let came = changes.keepings.count { $0.source == source && $0.standing == .quarantined }
        return known + came - changes.releases.count { $0.source == source }
    }

    private func conflicts(from source: Int64) throws(FactMissing) -> Int {
        guard let known = facts.conflicting[source] else {
            needs.conflicting.insert(source)
            throw FactMissing()
        }
        let came =
            changes.keepings.count { $0.source == source && $0.standing == .conflicting }
            + changes.releases.count { $0.source == source && $0.standing == .conflicting }
        let bound = boundHere.values.filter { notice in
            notice.identity.source == source && (facts.notices[notice.number] ?? nil)?.standing == .conflicting
        }
        return known + came - bound.count { $0.standing != .conflicting }
    }

    // MARK: - Contradictions

    /// Whether a notice contradicts one about the same reference that a stage has taken as its evidence.
    private func contradictsEvidence(
        _ notice: Notice, at point: MeetingPoint, of owner: SagaNumber?
    ) throws -> Bool {
        guard let owner else { return false }
        var taken = facts.evidence[point, default: []].filter { $0.saga == owner }
        for use in changes.uses where use.saga == owner && use.standing == .consumed {
            guard let known = try self.notice(use.number), known.point == point else { continue }
            taken.append(known)
        }
        for evidence in taken {
            guard let claim = evidence.claim else {
                throw StoreError(.corrupt, "the claim of a notice that was taken cannot be read")
            }
            if notice.claim.contradicts(claim) { return true }
        }
        return false
    }

    /// The same of what the journal says, where no turn of the saga will look at the notice unless a person acts.
    private func contradictsEnd(
        _ claim: Notice.Claim, _ expecting: BatchFacts.Expected?, of owner: BatchSaga?, isLookedAt: Bool
    ) throws -> Bool {
        guard let expecting, let owner else { return false }
        guard !isLookedAt || owner.isTerminal || (owner.status == .stuck && !owner.sleep.contains(.onNotice)) else {
            return false
        }
        return try contradictsJournal(claim, expecting, of: owner)
    }

    /// Whether the journal of the saga that expects a notice contradicts it about the end of the effect.
    private func contradictsJournal(
        _ claim: Notice.Claim, _ expecting: BatchFacts.Expected, of owner: BatchSaga
    ) throws -> Bool {
        let kinds = DecidedEffect.kinds(against: claim.verdict)
        guard !kinds.isEmpty else { return false }
        guard let stored = startedHere[owner.id] == nil ? facts.endings[owner.number] : [] else {
            needs.endings.insert(owner.number)
            throw FactMissing()
        }
        let stage = try name(of: expecting.stage)
        var effect = DecidedEffect(
            of: IdempotencyKey(saga: owner.id, stage: stage, refusals: Int(expecting.refusals)))
        for ending in stored where kinds.contains(ending.kind) {
            effect.take(ending.kind, of: ending.stage, refusals: ending.refusals, body: ending.body)
        }
        for new in changes.entries where new.saga == owner.number && kinds.contains(new.entry.kind) {
            effect.take(new.entry.kind, of: new.entry.stage, refusals: new.entry.refusals, body: new.entry.body)
        }
        return effect.isContradicted(by: claim)
    }

    // MARK: - Binding

    /// Binds a notice that nobody has decided about to the saga it is for.
    func assign(_ assignment: NoticeAssignment) throws -> StoreResult {
        guard var notice = try self.notice(assignment.number) else { return .missing }
        let expecting = try expected(at: notice.point)
        var owner = expecting?.saga
        if let id = assignment.saga { owner = try number(of: id) }
        let saga = try owner.flatMap(saga)
        let before = notice.standing == .fresh ? try notice.saga.flatMap(self.saga) : nil
        var contradicts = false
        if let claim = notice.claim, let saga, let expecting, expecting.saga == saga.number {
            contradicts = try contradictsJournal(claim, expecting, of: saga)
        }
        guard let bound = notice.standing.bound(contradicts: contradicts, ended: saga?.isTerminal ?? false) else {
            return .stale(sequence: 0)
        }
        if assignment.saga != nil, owner == nil { return .missing }
        let standing: NoticeStanding = saga == nil ? .orphan : bound
        var variant: Int64?
        if notice.standing == .quarantined {
            var known = try bodies(of: notice.identity)
            let next = max(-1, known.map(\.variant).max() ?? -1) + 1
            variant = next
            if let index = known.firstIndex(where: { $0.number == notice.number }) {
                known[index].variant = next
                known[index].standing = standing
            }
            bodiesHere[notice.identity] = known
        }
        if var before, !before.hasEnded {
            // What waited for it does so no longer: who claims it must see that something has changed.
            before.mark(.queue)
            sagas[before.number] = before
        }
        notice.saga = owner
        notice.standing = standing
        boundHere[notice.number] = notice
        changes.boundAfterUse.insert(notice.number)
        let earlier = changes.bindings[notice.number]
        changes.bindings[notice.number] = BatchChanges.Binding(
            number: notice.number, saga: owner, standing: standing, variant: variant ?? earlier?.variant)
        if let saga, standing == .fresh { rouse(sagas[saga.number] ?? saga, isOutOfTurn: true) }
        if let print = assignment.print { keep(print) }
        return .noticed(notice.number, standing: standing, saga: saga?.id)
    }

    private func notice(_ number: Int64) throws(FactMissing) -> BatchFacts.KnownNotice? {
        let bound = boundHere[number]
        guard var known = bound == nil ? try stored(number) : bound else { return nil }
        if known.standing == .orphan, let adopter = adoptedHere.first(where: { $0.value.contains(number) })?.key {
            known.standing = .fresh
            known.saga = adopter
        }
        if !changes.boundAfterUse.contains(number), let use = changes.uses.last(where: { $0.number == number }) {
            known.standing = use.standing
        }
        return known
    }

    private func stored(_ number: Int64) throws(FactMissing) -> BatchFacts.KnownNotice? {
        guard let known = facts.notices[number] else {
            needs.notices.insert(number)
            throw FactMissing()
        }
        return known
    }
}
