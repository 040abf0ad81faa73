internal import SagaEngine

/// The bodies stored under one id: variants from 0 up as they came, those in quarantine from -1 down.
private struct KnownBodies {
    /// The number under which this very body is stored.
    var same: Int64?
    /// The same number when it is in quarantine.
    var quarantined: Int64?
    var nextVariant: Int64 = 0
    var nextQuarantined: Int64 = -1
    /// Those that conflict and that nobody has decided about.
    var conflicts: [Notice.Claim] = []

    /// How many of those say the same of the same instruction.
    func count(like notice: Notice) -> Int {
        conflicts.count { known in
            let other = Notice(source: notice.source, id: notice.id, claim: known, body: [], headers: "")
            return other.saysTheSame(as: notice)
        }
    }
}

extension SQLiteWriter {
    /// Keeps a notice and wakes the saga that waits for it.
    func keep(_ new: NewNotice) throws -> StoreResult {
        let notice = new.notice
        let source = try names.intern(notice.source.rawValue)
        let known = try find(notice, from: source)
        if let same = known.same, known.quarantined == nil || new.isQuarantined { return .duplicate(same) }
        if let quarantine = new.quarantine {
            if try quarantined(from: source) >= quarantine.limit { return .full }
            return try store(notice, source, .quarantined, owner: nil, beside: known)
        }
        let expecting = try find(source: source, notice.claim.reference)
        let owner = try (expecting?.saga).flatMap(saga)
        let isOtherBody = known.nextVariant > 0
        let isContradiction =
            try contradictsEvidence(notice, source, of: owner)
            || contradictsEnd(notice.claim, expecting, of: owner, isLookedAt: !isOtherBody)
        if isOtherBody || isContradiction {
            guard try hasRoom(for: notice, source, isContradiction: isContradiction, beside: known) else {
                return .full
            }
            return try store(notice, source, .conflicting, owner: owner, beside: known)
        }
        guard let owner else { return try store(notice, source, .orphan, owner: nil, beside: known) }
        return try store(notice, source, owner.isTerminal ? .late : .fresh, owner: owner, beside: known)
    }

    /// Keeps a notice, or lets it out of the quarantine when it waits there, and wakes the saga that it is fresh for.
    private func store(
        _ notice: Notice, _ source: Int64, _ standing: NoticeStanding, owner: WritableSaga?, beside known: KnownBodies
    ) throws -> StoreResult {
        let number: Int64
        if standing == .orphan { inbox.hasOrphans = true }
        if let quarantined = known.quarantined {
            number = quarantined
            // The delivery that verified is the evidence from now on.
            try connection.run(
                """
                UPDATE notice SET standing = ?, saga = ?, variant = ?, reference = ?, claim = ?, headers = ?
                WHERE number = ?
                """, .integer(standing.storeCode), TableValue(owner?.number), .integer(known.nextVariant),
                .text(notice.claim.reference), .blob(ClaimText.write(notice.claim)), .text(notice.headers),
                .integer(number))
            if let owner, standing == .fresh { try stir(owner) }
        } else {
            let variant = standing == .quarantined ? known.nextQuarantined : known.nextVariant
            number = try insert(notice, source, variant: variant, standing, owner: owner?.number)
        }
        if let owner {
            offers.touch(owner)
            // One that was in quarantine has the number of its first delivery.
            if known.quarantined == nil, owner.past?.keep(notice, as: number, standing, at: now) ?? true {
                self.known.count(owner)
            } else {
                forgetPast(of: owner.number)
            }
            if standing == .fresh { try wakeForNotice(owner.number) }
        }
        return .noticed(number, standing: standing, saga: owner?.id)
    }

    /// Whether one more conflicting notice is kept: what says the opposite of how an effect has ended always is, unless
    /// the same has been said often enough under the same id.
    private func hasRoom(
        for notice: Notice, _ source: Int64, isContradiction: Bool, beside known: KnownBodies
    ) throws -> Bool {
        if isContradiction { return known.count(like: notice) < NewNotice.otherBodyLimit }
        return try known.conflicts.count < NewNotice.otherBodyLimit && conflicts(from: source) < NewNotice.conflictLimit
    }

    /// Whether a notice contradicts one about the same reference that a stage has taken as its evidence.
    private func contradictsEvidence(_ notice: Notice, _ source: Int64, of owner: WritableSaga?) throws -> Bool {
        guard let owner, owner.past?.hasDecided(about: notice.reference) ?? true else { return false }
        let find = statements.findEvidence
        try find.bind(1, owner.number)
        try find.bind(2, notice.claim.reference)
        try find.bind(3, source)
        defer { find.reset() }
        while try find.step() {
            let taken = find.withBytes(0) { ClaimText.read($0, reference: notice.claim.reference) }
            guard let taken else { throw StoreError(.corrupt, "the claim of a notice that was taken cannot be read") }
            if notice.claim.contradicts(taken) { return true }
        }
        return false
    }

    /// The same of what the journal says, where no turn of the saga will look at the notice unless a person acts.
    private func contradictsEnd(
        _ claim: Notice.Claim, _ expecting: KnownInbox.Expected?, of owner: WritableSaga?, isLookedAt: Bool
    ) throws -> Bool {
        guard let expecting, let owner else { return false }
        let sleepsForIt = owner.sleep.contains(.onNotice) && desk.isAbsent(owner.number)
        guard !isLookedAt || owner.isTerminal || (owner.status == .stuck && !sleepsForIt) else { return false }
        return try contradictsJournal(claim, expecting, of: owner)
    }

    /// Whether the journal of the saga that expects a notice contradicts it about the end of the effect.
    private func contradictsJournal(
        _ claim: Notice.Claim, _ expecting: KnownInbox.Expected, of owner: WritableSaga
    ) throws -> Bool {
        let kinds = DecidedEffect.kinds(against: claim.verdict)
        guard !kinds.isEmpty else { return false }
        let stage = StageName(rawValue: try names.text(of: expecting.stage))
        var effect = DecidedEffect(
            of: IdempotencyKey(saga: owner.id, stage: stage, refusals: Int(expecting.refusals)))
        try writeEntries()
        let ends = try connection.statement(
            """
            SELECT kind, stage, refusals, body FROM journal WHERE saga = ? AND kind IN (4, 5, 6, 16) ORDER BY sequence
            """)
        try ends.bind(1, owner.number)
        defer { ends.reset() }
        while try ends.step() {
            guard let kind = kinds.first(where: { Int64($0.rawValue) == ends.int64(0) }) else { continue }
            effect.take(
                kind, of: StageName(rawValue: try names.text(of: ends.int64(1))), refusals: Int(ends.int64(2)),
                body: ends.blob(3))
        }
        return effect.isContradicted(by: claim)
    }

    private func quarantined(from source: Int64) throws -> Int64 {
        // Its index, `notice_quarantine`, holds just these.
        let sql = "SELECT count(*) FROM notice WHERE source = ? AND standing = 6"
        return try connection.firstRow(sql, .integer(source)) { $0.int64(0) } ?? 0
    }

    private func conflicts(from source: Int64) throws -> Int64 {
        // Its index, `notice_conflict`, holds just these.
        let sql = "SELECT count(*) FROM notice WHERE source = ? AND standing = 4"
        return try connection.firstRow(sql, .integer(source)) { $0.int64(0) } ?? 0
    }

    /// Something has happened to a saga that its past does not hold.
    private func forgetPast(of number: SagaNumber) {
        guard var saga = self.known[number], saga.past != nil else { return }
        saga.past = nil
        known.keep(saga)
    }

    /// It may have a lower number than those that the saga has seen, so the saga must look again before it sleeps.
    private func stir(_ saga: WritableSaga) throws {
        try connection.run("UPDATE progress SET stirred = 1 WHERE number = ?", .integer(saga.number))
        var saga = saga
        saga.stirred = true
        saga.past = nil
        known.keep(saga)
    }

    /// Binds a notice that nobody has decided about to the saga it is for.
    func assign(_ assignment: NoticeAssignment) throws -> StoreResult {
        let notice = try connection.firstRow(
            "SELECT standing, source, reference, id, claim, saga FROM notice WHERE number = ?",
            .integer(assignment.number)
        ) { row in
            let reference = row.text(2)
            return (
                standing: try NoticeStanding(storeCode: row.int64(0)), source: row.int64(1), reference: reference,
                id: row.text(3), claim: row.withBytes(4) { ClaimText.read($0, reference: reference) },
                owner: row.isNull(5) ? nil : row.int64(5)
            )
        }
        guard let notice else { return .missing }
        let expecting = try find(source: notice.source, notice.reference)
        var owner = expecting?.saga
        if let id = assignment.saga {
            owner = try connection.firstRow("SELECT number FROM saga WHERE id = ?", .text(id.rawValue)) { $0.int64(0) }
        }
        let saga = try owner.flatMap(saga)
        var contradicts = false
        if let claim = notice.claim, let saga, let expecting, expecting.saga == saga.number {
            contradicts = try contradictsJournal(claim, expecting, of: saga)
        }
        guard let bound = notice.standing.bound(contradicts: contradicts, ended: saga?.isTerminal ?? false) else {
            return .stale(sequence: 0)
        }
        if assignment.saga != nil, owner == nil { return .missing }
        let standing = saga == nil ? .orphan : bound
        inbox.hasOrphans = nil
        try connection.run(
            "UPDATE notice SET saga = ?, standing = ? WHERE number = ?", TableValue(owner),
            .integer(standing.storeCode), .integer(assignment.number))
        if notice.standing == .quarantined {
            try connection.run(
                """
                UPDATE notice SET variant = (SELECT max(-1, max(variant)) + 1 FROM notice WHERE source = ?2 AND id = ?3)
                WHERE number = ?1
                """, .integer(assignment.number), .integer(notice.source), .text(notice.id))
        }
        if let print = assignment.print { _ = try keep(print) }
        for number in [notice.owner, owner].compactMap({ $0 }) {
            if let known = known[number] { offers.touch(known) }
            forgetPast(of: number)
        }
        if let saga, standing == .fresh {
            try stir(saga)
            try wakeForNotice(saga.number)
        }
        return .noticed(assignment.number, standing: standing, saga: saga?.id)
    }

    /// Writes an expectation and gives its saga the notices that came before it.
    func expect(_ expectation: Expectation, by saga: inout WritableSaga) throws {
        let source = try names.intern(expectation.source.rawValue)
        let stage = try names.intern(expectation.key.stage.rawValue)
        let insert = statements.insertExpectation
        try insert.bind(1, source)
        try insert.bind(2, expectation.reference)
        try insert.bind(3, saga.number)
        try insert.bind(4, stage)
        try insert.bind(5, Int64(expectation.key.refusals))
        try insert.run()
        let wanted = KnownInbox.Expected(saga: saga.number, stage: stage, refusals: Int64(expectation.key.refusals))
        guard connection.changes > 0 else {
            if try find(source: source, expectation.reference) == wanted { return }
            let message = "\(expectation.source) reference \(expectation.reference) is expected by another stage"
            throw OperationRefused(result: .violated(RecordViolation(code: "expectation.taken", message: message)))
        }
        inbox.expected[MeetingPoint(source: source, reference: ByteText(expectation.reference))] = wanted
        guard try hasOrphan(source: source, expectation.reference) else { return }
        let adopt = statements.adoptOrphans
        try adopt.bind(1, saga.number)
        try adopt.bind(2, source)
        try adopt.bind(3, expectation.reference)
        try adopt.run()
        inbox.hasOrphans = nil
        // They may have lower numbers than those it has seen, so the saga must look again before it sleeps.
        saga.stirred = true
        saga.past = nil
        if saga.sleep.contains(.onNotice) { saga.makeReady(nextPlace()) }
    }

    /// Gives a notice the standing that its stage has decided on.
    func set(_ use: NoticeUse, of saga: inout WritableSaga) throws {
        let update = statements.useNotice
        try update.bind(1, use.standing.storeCode)
        try update.bind(2, use.number)
        try update.run()
        guard connection.changes == 1 else {
            throw StoreError(.misuse, "notice \(use.number) is given a standing but does not exist")
        }
        if let past = saga.past, !past.use(use) { saga.past = nil }
    }

    private func hasOrphan(source: Int64, _ reference: String) throws -> Bool {
        if inbox.hasOrphans == nil {
            // Its index, `notice_orphan`, holds just these: mostly none.
            let sql = "SELECT 1 FROM notice WHERE standing = 5 LIMIT 1"
            inbox.hasOrphans = try connection.firstRow(sql) { _ in true } ?? false
        }
        guard inbox.hasOrphans == true else { return false }
        let find = statements.hasOrphan
        try find.bind(1, source)
        try find.bind(2, reference)
        defer { find.reset() }
        return try find.step()
    }

    /// Wakes the saga of a notice. That the notice is fresh says so for ever, so the saga's row is left alone.
    private func wakeForNotice(_ number: SagaNumber) throws {
        guard var saga = try saga(number), saga.sleep.contains(.onNotice) else { return }
        if desk.wake(number, of: saga.flow, place: nextPlace) { return }
        try writeReady(&saga)
        known.keep(saga)
    }

    private func find(_ notice: Notice, from source: Int64) throws -> KnownBodies {
        let find = statements.findNotice
        try find.bind(1, source)
        try find.bind(2, notice.id)
        defer { find.reset() }
        var known = KnownBodies()
        while try find.step() {
            let variant = find.int64(2)
            known.nextQuarantined = min(known.nextQuarantined, variant - 1)
            known.nextVariant = max(known.nextVariant, variant + 1)
            if find.int64(3) == NoticeStanding.conflicting.storeCode {
                let reference = find.text(4)
                guard let claim = find.withBytes(5, { ClaimText.read($0, reference: reference) }) else {
                    throw StoreError(.corrupt, "the claim of notice \(find.int64(0)) cannot be read")
                }
                known.conflicts.append(claim)
            }
            let isSame = find.withBytes(1) { stored in notice.body.withUnsafeBytes { stored.elementsEqual($0) } }
            guard isSame else { continue }
            known.same = find.int64(0)
            if variant < 0 { known.quarantined = known.same }
        }
        return known
    }

    private func find(source: Int64, _ reference: String) throws -> KnownInbox.Expected? {
        let point = MeetingPoint(source: source, reference: ByteText(reference))
        if let known = inbox.expected[point] { return known }
        let find = statements.findExpectation
        try find.bind(1, source)
        try find.bind(2, reference)
        defer { find.reset() }
        guard try find.step() else { return nil }
        let found = KnownInbox.Expected(saga: find.int64(0), stage: find.int64(1), refusals: find.int64(2))
        inbox.expected[point] = found
        return found
    }

    private func insert(
        _ notice: Notice, _ source: Int64, variant: Int64, _ standing: NoticeStanding, owner: SagaNumber?
    ) throws -> Int64 {
        let insert = statements.insertNotice
        try insert.bind(1, standing.storeCode)
        try insert.bind(2, optional: owner)
        try insert.bind(3, source)
        try insert.bind(4, variant)
        try insert.bind(5, now.milliseconds)
        try insert.bind(6, notice.id)
        try insert.bind(7, notice.claim.reference)
        try insert.bind(8, ClaimText.write(notice.claim))
        try insert.bind(9, notice.headers)
        try insert.bind(10, notice.body)
        try insert.run()
        return connection.lastInsertedRowID
    }
}
