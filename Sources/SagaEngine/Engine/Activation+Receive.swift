extension Activation {
    /// What a stage that waits for a notice knows about the instruction it waits for.
    struct Awaited {
        let order: EvidenceAddress
        let party: KnownParty
        let facts: Facts
        let mayAsk: Bool
        let proof: Predicament.Proof
        let within: Span

        /// Whether persons with evidence may settle it; an approval they never give.
        var acceptsPersons: Bool { proof == .settlement }
    }

    /// Waits for the notice about an instruction of that stage; returns the facts that prove it.
    ///
    /// `awaiting` is put together only when there is no proof yet: a replay mostly finds one.
    func receive(_ stage: StageName, about order: StageName, _ awaiting: () -> Awaited) async throws -> Facts {
        try enter(stage, .receive)
        let known = state[stage]
        if let proof = known.notice?.facts ?? known.found?.receipt.facts {
            try setAside(noticesAbout: order, after: Self.settlement(of: proof), as: .late)
            return proof
        }
        return try await receive(stage, awaiting())
    }

    private func receive(_ stage: StageName, _ awaited: Awaited) async throws -> Facts {
        if state[stage].resolved != nil, awaited.acceptsPersons {
            try setAside(noticesAbout: awaited.order.stage, after: Self.settlement(of: awaited.facts), as: .late)
            return awaited.facts
        }
        if let refusal = state[awaited.order.stage].refusal {
            throw self.refusal(awaited.order.stage, awaited.party, refusal.reason)
        }
        if let resolution = state[stage].resolution { return try await settle(stage, awaited, resolution) }
        return try await wait(stage, awaited)
    }

    /// A person says how the wait should end. The counterparty is asked first, and its word outweighs the person's.
    private func settle(_ stage: StageName, _ awaited: Awaited, _ resolution: Resolution) async throws -> Facts {
        let order = awaited.order.stage
        guard awaited.acceptsPersons || resolution.outcome == .refused else {
            throw trouble(
                .impossible, stage,
                "an approval comes from \(awaited.party.terms.name)'s notice alone; have it sent again, or import its "
                    + "signed original", awaits: awaited.proof)
        }
        switch try await find(order, at: awaited.party) {
        case .refused(let reason, let exchange):
            throw try refuse(order, awaited.party, reason, by: .find, exchange: exchange)
        case .found(let receipt, let exchange) where receipt.state == .settled && awaited.acceptsPersons:
            let mismatches = awaited.facts.mismatches(with: receipt.facts)
            guard mismatches.isEmpty else { throw contradiction(stage, awaited, mismatches, notice: nil) }
            try write(.found(FoundBody(order: order, receipt: receipt, exchange: exchange)), stage)
            return receipt.facts
        case .found, .absent:
            guard resolution.outcome == .settled else {
                let remedy = awaited.acceptsPersons ? "resume, or resolve as settled" : "resume, and go on waiting"
                throw trouble(
                    .impossible, stage, "\(awaited.party.terms.name) does not confirm that it refused; \(remedy)",
                    awaits: awaited.proof)
            }
            let body = ResolvedBody(
                order: order, evidence: resolution.evidence, actor: resolution.actor, facts: awaited.facts)
            try write(.resolved(body), stage)
            return awaited.facts
        case .notYetKnown(let failure, let exchange):
            throw try askLater(stage, awaited.party, failure, exchange, awaits: awaited.proof)
        }
    }

    /// The counterparty could not be asked; it is asked again, for as long as it takes.
    func askLater(
        _ stage: StageName, _ party: KnownParty, _ failure: CallFailure, _ exchange: Exchange,
        awaits proof: Predicament.Proof? = nil
    ) throws -> Unwinding {
        let pause = party.calls.endlessPause(
            after: state[stage].failures + 1, atLeast: failure.retryAfter, by: engine.entropy)
        let next = engine.now() + pause
        let attempt = AttemptBody(
            verb: .find, result: .notYetKnown, code: failure.code, next: next, exchange: exchange)
        try write(.attempt(attempt), stage)
        return sleep(
            .awaitingRetry, stage, "\(party.terms.name): \(failure.code); asks again", Wake(at: next), awaits: proof)
    }

    private func wait(_ stage: StageName, _ awaited: Awaited) async throws -> Facts {
        let order = awaited.order.stage
        guard awaited.order.saga == id, let receipt = state[order].receipt else {
            throw trouble(.illegal, stage, "stage \(stage) waits for an instruction that this saga has not sent")
        }
        guard let intent = state[order].intent else {
            throw trouble(.illegal, stage, "stage \(order) has a receipt and nothing that was sent")
        }
        let expected = AwaitedClaim(
            operation: try intent.operation(), receiptID: receipt.value.receipt.id, facts: awaited.facts)
        var machine = ReceiveStateMachine(
            stage: state[stage], expected: expected, policy: awaited.party.notices,
            settlesByFind: awaited.mayAsk, acceptedAt: receipt.at, within: awaited.within,
            hastenedAt: state.hastenedAt)
        var action = machine.consider(try notices(about: order), now: engine.now())
        while true {
            switch action {
            case .take(let notice):
                return try take(notice, stage, order)
            case .refuse(let reason, let notice):
                let taken = notices.first { $0.number == notice }?.notice.claim
                try setAside(
                    noticesAbout: order,
                    after: taken ?? Notice.Claim(reference: "", verdict: .refused(reason), facts: [:]), as: .consumed)
                throw try refuse(order, awaited.party, reason, by: .notice, notice: notice)
            case .contradict(let notice, let mismatches):
                draft.notices.append(NoticeUse(number: notice.number, standing: .mismatched))
                throw contradiction(stage, awaited, mismatches, notice: notice.number)
            case .ask:
                let finding = try await find(order, at: awaited.party)
                action = try keep(machine.handle(finding, now: engine.now(), entropy: engine.entropy), stage)
            case .requestNotice:
                let answer = try await requestNotice(order, from: awaited.party)
                action = try keep(machine.handle(answer, now: engine.now(), entropy: engine.entropy), stage)
            case .settle(let receipt, let exchange):
                try write(.found(FoundBody(order: order, receipt: receipt, exchange: exchange)), stage)
                return receipt.facts
            case .refuseFound(let reason, let exchange):
                throw try refuse(order, awaited.party, reason, by: .find, exchange: exchange)
            case .contradictFound(let mismatches):
                throw contradiction(stage, awaited, mismatches, notice: nil)
            case .wait(let until, let overdue):
                throw wait(stage, awaited, until: until, overdue: overdue, deadline: machine.deadline)
            }
        }
    }

    private func notices(about order: StageName) throws -> [StoredNotice] {
        guard !notices.isEmpty, let reference = try state[order].intent?.reference() else { return [] }
        return notices.filter { $0.notice.claim.reference.isSameBytes(as: reference) }
    }

    /// What a settlement that the journal proves would claim as a notice.
    private static func settlement(of facts: Facts) -> Notice.Claim {
        Notice.Claim(reference: "", verdict: .settled, facts: facts)
    }

    /// Decides about all notices of an instruction whose end is known; one that says the opposite or states other facts
    /// is a conflict, which undoes nothing and is put before people.
    private func setAside(
        noticesAbout order: StageName, after end: @autoclosure () -> Notice.Claim, as standing: NoticeStanding
    ) throws {
        guard !notices.isEmpty else { return }
        let decided = try notices(about: order)
        guard !decided.isEmpty else { return }
        let end = end()
        for stored in decided {
            guard stored.notice.claim.contradicts(end) else {
                draft.notices.append(NoticeUse(number: stored.number, standing: standing))
                continue
            }
            markConflicting(stored, about: order)
        }
        notices.removeAll { notice in decided.contains { $0.number == notice.number } }
    }

    /// Puts every notice before people that says the opposite of what the journal has, whichever stage it is about:
    /// a settlement after a refusal, also one under an earlier key, a refusal after a settlement, or a settlement of
    /// something else.
    func setAsideContradictions() throws(CodecError) {
        guard !notices.isEmpty else { return }
        for contradiction in try state.contradictions(among: notices) {
            markConflicting(contradiction.notice, about: contradiction.order)
            notices.removeAll { $0.number == contradiction.notice.number }
        }
    }

    /// What says nothing final has been looked at with that; it is not read again each time the saga wakes.
    func setAsideProgress() {
        guard !notices.isEmpty else { return }
        notices.removeAll { stored in
            guard case .progress = stored.notice.claim.verdict else { return false }
            draft.notices.append(NoticeUse(number: stored.number, standing: .late))
            return true
        }
    }

    private func markConflicting(_ stored: StoredNotice, about order: StageName) {
        draft.notices.append(NoticeUse(number: stored.number, standing: .conflicting))
        engine.record(.contradicted(id, order, stored.notice.source, notice: stored.number))
    }

    private func take(_ stored: StoredNotice, _ stage: StageName, _ order: StageName) throws -> Facts {
        draft.notices.append(NoticeUse(number: stored.number, standing: .consumed))
        notices.removeAll { $0.number == stored.number }
        let facts = stored.notice.claim.facts
        try write(
            .notice(NoticeBody(number: stored.number, id: stored.notice.id, order: order, facts: facts)), stage)
        try setAside(noticesAbout: order, after: stored.notice.claim, as: .late)
        return facts
    }

    private func refuse(
        _ order: StageName, _ party: KnownParty, _ reason: RefusalReason, by verb: CallVerb,
        exchange: Exchange? = nil, notice: Int64? = nil
    ) throws -> Refusal {
        try write(.refused(RefusedBody(reason: reason, by: verb, exchange: exchange, notice: notice)), order)
        return refusal(order, party, reason)
    }

    private func keep(
        _ decision: (ReceiveStateMachine.Action, AttemptBody?), _ stage: StageName
    ) throws -> ReceiveStateMachine.Action {
        if let attempt = decision.1 { try write(.attempt(attempt), stage) }
        return decision.0
    }

    private func contradiction(
        _ stage: StageName, _ awaited: Awaited, _ mismatches: [FactMismatch], notice: Int64?
    ) -> Unwinding {
        let source = notice.map { "notice \($0) of \(awaited.party.terms.name)" } ?? "\(awaited.party.terms.name)"
        let remedy =
            awaited.acceptsPersons
            ? "then resume, or resolve with evidence" : "then have the right notice sent and resume"
        return trouble(
            .mismatch, stage,
            "\(source) contradicts what was asked for: \(mismatches.map(\.description).joined(separator: "; ")); "
                + "clear it up with \(awaited.party.terms.name), \(remedy)",
            mismatches: mismatches, notice: notice, awaits: awaited.proof)
    }

    private func wait(
        _ stage: StageName, _ awaited: Awaited, until: Timestamp?, overdue: Bool, deadline: Timestamp
    ) -> Unwinding {
        let reference = state.key(of: awaited.order.stage, in: id)
        guard overdue else {
            return sleep(
                .awaitingNotice, stage, "waits for \(awaited.party.terms.name)'s notice about \(reference)",
                Wake(at: until, onNotice: true), awaits: awaited.proof)
        }
        return trouble(
            .overdue, stage,
            "\(awaited.party.terms.name)'s notice about \(reference) did not come in time; it is still asked for and "
                + "would still be taken; ask \(awaited.party.terms.name)",
            until: until, awaits: awaited.proof)
    }

    /// Before an element is taken out: each of these stages must be proved to have had no effect.
    func proveUntouched(_ stages: [StageName]) async throws {
        #if PLANTED_BUGS
            if Planted.is(.excludedUnproved) { return }
        #endif
        for stage in stages {
            let known = state[stage]
            guard let intent = known.intent, known.refusal == nil else { continue }
            let name = try intent.header().to
            guard let party = engine.party(named: name) else {
                throw trouble(.illegal, stage, "no counterparty named \(name) is configured")
            }
            switch try await find(stage, at: party) {
            case .refused(let reason, let exchange):
                try write(.refused(RefusedBody(reason: reason, by: .find, exchange: exchange, notice: nil)), stage)
            case .found:
                throw trouble(
                    .impossible, stage,
                    "it cannot be taken out: \(party.terms.name) has \(state.key(of: stage, in: id)); resume it")
            case .absent(let exchange):
                try await proveAbsent(stage, party, exchange)
            case .notYetKnown(let failure, let exchange):
                throw try askLater(stage, party, failure, exchange)
            }
        }
        try await checkRefusals(of: stages)
    }

    /// An absence is proved once the quiet time since the first one has passed.
    private func proveAbsent(_ stage: StageName, _ party: KnownParty, _ exchange: Exchange) async throws {
        if let last = state[stage].lastAttempt, last.value.result == .absent, let from = last.value.next,
            engine.now() >= from
        {
            return
        }
        let from =
            state[stage].lastAttempt.flatMap { $0.value.result == .absent ? $0.value.next : nil }
            ?? engine.now() + party.terms.quietTime
        try write(
            .attempt(AttemptBody(verb: .find, result: .absent, code: "quiet_time", next: from, exchange: exchange)),
            stage)
        throw sleep(
            .awaitingRetry, stage, "\(party.terms.name) does not know it; asks again when quiet", Wake(at: from))
    }
}
