public import SagaEngine

/// Orders: taken in, queued, carried out or refused, and told about.
extension SimulatedWorld {
    /// Lets everything happen that is due and hands out the notices to be sent, in order.
    public mutating func advance(to now: Timestamp) -> [NoticeDispatch] {
        var notices: [NoticeDispatch] = []
        while let action = takeDue(at: now) {
            switch action {
            case .complete(let party, let reference): complete(reference, at: party, now)
            case .takeIn(let party, let reference):
                guard let deferral = book(of: party).deferred[ByteText(reference)] else { continue }
                notices += takeIn(deferral.order, reference, at: party, now)
            case .send(let dispatch):
                // A notice that was closed before it could be sent again is not owed any more.
                if dispatch.attempt > 0, book(of: dispatch.party).owed[ByteText(dispatch.id)] == nil { continue }
                notices.append(dispatch)
            }
        }
        return notices
    }

    /// Takes note of what became of a notice; one that was not acknowledged is sent again, a bounded number of times.
    public mutating func noticeAnswered(_ dispatch: NoticeDispatch, acknowledged: Bool, at now: Timestamp) {
        guard !dispatch.isForged, book(of: dispatch.party).owed[ByteText(dispatch.id)] != nil else { return }
        let retries = profiles[dispatch.party]?.noticeRetries ?? []
        if acknowledged || dispatch.attempt >= retries.count {
            happen(.noticeClosed(id: dispatch.id), at: dispatch.party)
        } else {
            note(.send(dispatch.again), at: now + retries[dispatch.attempt])
        }
    }

    /// Takes an order in, refusing at once what can be seen at once; answers with notices that overtake the answer.
    mutating func takeIn(
        _ order: SandboxOrder, _ reference: String, at party: CounterpartyName, _ now: Timestamp
    ) -> [NoticeDispatch] {
        guard let profile = profiles[party] else { return [] }
        let id = "\(party)-\(book(of: party).orders.count + 1)"
        happen(.accepted(reference: reference, id: id, order, at: now), at: party)
        if let (code, message) = objection(to: order, profile) {
            happen(.refused(reference: reference, code: code, message: message, at: now), at: party)
            return []
        }
        if profile.settlesAtOnce {
            carryOut(order, reference, id, profile, now)
            return []
        }
        guard strikesEarly(order, reference, profile) else {
            start(reference, order, at: party, now)
            return []
        }
        carryOut(order, reference, id, profile, now)
        return book(of: party).order(reference).flatMap { owe($0.record, at: party, now) }.map { [$0] } ?? []
    }

    private mutating func strikesEarly(_ order: SandboxOrder, _ reference: String, _ profile: PartyProfile) -> Bool {
        let early = faults.rules.contains { $0.kind == .noticeEarly }
        guard early else { return false }
        let call = FaultPlan.Call(
            party: profile.name, verb: .notice, operation: order.operation, reference: reference)
        return faults.strike(call, only: .noticeEarly) != nil
    }

    private mutating func complete(_ reference: String, at party: CounterpartyName, _ now: Timestamp) {
        guard let profile = profiles[party], let known = book(of: party).order(reference)?.record,
            known.state == .accepted
        else { return }
        let call = FaultPlan.Call(
            party: party, verb: .outcome, operation: known.order.operation, reference: reference)
        if faults.strike(call) != nil {
            happen(
                .refused(reference: reference, code: "declined", message: "declined on demand", at: now), at: party)
        } else {
            carryOut(known.order, reference, known.id, profile, now)
        }
        finish(reference, known.order, at: party, now)
        if let record = book(of: party).order(reference)?.record { tell(record, at: party, now) }
    }

    private mutating func carryOut(
        _ order: SandboxOrder, _ reference: String, _ id: String, _ profile: PartyProfile, _ now: Timestamp
    ) {
        if let (code, message) = objection(to: order, profile) ?? shortfall(of: order, profile) {
            happen(.refused(reference: reference, code: code, message: message, at: now), at: profile.name)
            return
        }
        let number = book(of: profile.name).effects.count + 1
        let effect = PartyEffect(number: number, reference: reference, id: id, order: order, at: now)
        happen(.effect(effect), at: profile.name)
    }

    private func objection(to order: SandboxOrder, _ profile: PartyProfile) -> (String, String)? {
        if order.defect != nil { return ("invalid_order", "the order cannot be carried out as stated") }
        guard profile.operations.contains(order.operation) else { return ("unknown_operation", "not one of ours") }
        for movement in order.movements {
            let holder = movement.gain < 0 ? profile.drawsOn ?? profile.name : profile.name
            guard let account = books[holder]?.account(movement.account) else {
                let isRequired = profiles[holder]?.knowsItsAccounts ?? false
                if isRequired { return ("account_unknown", "there is no such account") }
                continue
            }
            switch account.standing {
            case .open: continue
            case .frozen: return ("account_frozen", "the account is frozen")
            case .closed: return ("account_closed", "the account is closed")
            }
        }
        return nil
    }

    private func shortfall(of order: SandboxOrder, _ profile: PartyProfile) -> (String, String)? {
        guard profile.checksFunds else { return nil }
        for movement in order.movements where movement.gain < 0 {
            guard let book = books[profile.drawsOn ?? profile.name] else { continue }
            if book.balance(of: movement.account, in: movement.asset) + movement.gain < 0 {
                return ("insufficient_funds", "the account does not hold that much")
            }
        }
        return nil
    }
}
