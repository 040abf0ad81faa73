public import SagaEngine

/// Calls: what a counterparty answers, and what it does before it answers.
extension SimulatedWorld {
    /// Takes a request for an order.
    public mutating func deliver(
        _ order: SandboxOrder, reference: String, to party: CounterpartyName, at now: Timestamp
    ) -> PartyReply {
        let rule = faults.strike(
            FaultPlan.Call(party: party, verb: .deliver, operation: order.operation, reference: reference))
        if let rule, let reply = refuseToLook(rule) { return reply }
        happen(.attempted(reference: reference), at: party)
        if let rule, rule.kind == .appliedLate, book(of: party).order(reference) == nil {
            putAside(order, reference, at: party, delay: rule.delay, now)
            return PartyReply(answer: .cut)
        }
        let known = book(of: party).order(reference)
        if let known, known.record.order != order {
            return reply(409, failure("reference_conflict", "the reference exists with other content", reference))
        }
        var early: [NoticeDispatch] = []
        if known == nil { early = takeIn(order, reference, at: party, now) }
        guard var record = book(of: party).order(reference)?.record else { return PartyReply(answer: .cut) }
        // The answer says how far the order was when it was taken in, even when its notice has overtaken it.
        if !early.isEmpty { (record.state, record.code, record.message) = (.accepted, nil, nil) }
        let status = record.state == .refused ? 422 : record.state == .settled ? 200 : 202
        var reply = reply(status, SandboxDialect.document(record))
        reply.early = early
        return spoil(reply, by: rule, reference)
    }

    /// Says what became of a reference.
    public mutating func find(_ reference: String, at party: CounterpartyName) -> PartyReply {
        let known = book(of: party).order(reference)
        let rule = strike(.find, reference, known, party)
        if let rule, let reply = refuseToLook(rule) { return reply }
        guard let record = known?.record else {
            return spoil(reply(404, failure("not_found", "the reference is not known", reference)), by: rule, reference)
        }
        return spoil(reply(200, SandboxDialect.document(record)), by: rule, reference)
    }

    /// Takes money that a person pays into an account: once for each reference, and only where there is the account.
    public mutating func payIn(
        _ deposit: PartyBook.Deposit, under reference: String, at party: CounterpartyName
    ) -> PartyReply {
        if let known = book(of: party).deposits[ByteText(reference)] {
            guard known == deposit else {
                return reply(409, failure("reference_conflict", "the reference exists with other content", reference))
            }
            return reply(200, SandboxDialect.document(deposit, reference: reference))
        }
        guard let account = book(of: party).account(deposit.account) else {
            return reply(404, failure("account_unknown", "there is no such account", nil))
        }
        guard account.standing != .closed else {
            return reply(409, failure("account_closed", "the account is closed", reference))
        }
        happen(
            .deposited(
                account: deposit.account, asset: deposit.asset, amount: deposit.amount, reference: reference),
            at: party)
        return reply(200, SandboxDialect.document(deposit, reference: reference))
    }

    /// Takes the request for a notice: the final state is told again under a new id.
    public mutating func requestNotice(
        about reference: String, from party: CounterpartyName, at now: Timestamp
    ) -> PartyReply {
        guard profiles[party]?.settlesAtOnce == false else {
            return reply(404, failure("no_notices", "this counterparty sends no notices", nil))
        }
        let known = book(of: party).order(reference)
        let rule = strike(.resend, reference, known, party)
        if let rule, let reply = refuseToLook(rule) { return reply }
        guard let record = known?.record else {
            return spoil(reply(404, failure("not_found", "the reference is not known", reference)), by: rule, reference)
        }
        if record.state == .settled || record.state == .refused {
            let stale = book(of: party).owed.filter { $0.value.reference == reference }.keys.sorted()
            for id in stale { happen(.noticeClosed(id: id.rawValue), at: party) }
            if let dispatch = owe(record, at: party, now) { note(.send(dispatch), at: now) }
        }
        return spoil(reply(202, SandboxDialect.document(record)), by: rule, reference)
    }

    private mutating func strike(
        _ verb: CallVerb, _ reference: String, _ known: PartyBook.Order?, _ party: CounterpartyName
    ) -> FaultRule? {
        let operation = known?.record.order.operation ?? ""
        return faults.strike(FaultPlan.Call(party: party, verb: verb, operation: operation, reference: reference))
    }

    func refuseToLook(_ rule: FaultRule) -> PartyReply? {
        switch rule.kind {
        case .errorBefore: return reply(503, failure("unavailable", "try again", nil))
        case .rateLimited:
            var limited = SandboxAnswer(status: 429, body: failure("rate_limited", "too many requests", nil))
            limited.retryAfter = .seconds(max(1, (rule.delay.milliseconds + 999) / 1_000))
            return PartyReply(answer: .document(limited))
        case .slow, .errorAfter, .cut, .appliedLate, .malformed, .oversized, .refusedLater, .noticeEarly,
            .noticeDoubled,
            .noticeRepeated, .noticeReordered, .noticeChunked, .noticeLost, .noticeLate, .noticeForged,
            .noticeWrongAmount, .listingLags:
            return nil
        }
    }

    func spoil(_ reply: PartyReply, by rule: FaultRule?, _ reference: String) -> PartyReply {
        guard let rule else { return reply }
        var spoiled = reply
        switch rule.kind {
        case .slow: spoiled.delay = rule.delay
        case .errorAfter:
            spoiled.answer = .document(SandboxAnswer(status: 500, body: failure("internal", "something broke", nil)))
        case .cut: spoiled.answer = .cut
        case .malformed: spoiled.answer = .garbage
        case .oversized: spoiled.answer = .flood
        case .errorBefore, .rateLimited, .appliedLate, .refusedLater, .noticeEarly, .noticeDoubled, .noticeRepeated,
            .noticeReordered, .noticeChunked, .noticeLost, .noticeLate, .noticeForged, .noticeWrongAmount, .listingLags:
            break
        }
        return spoiled
    }

    func reply(_ status: Int, _ body: [UInt8]) -> PartyReply {
        PartyReply(answer: .document(SandboxAnswer(status: status, body: body)))
    }

    func failure(_ code: String, _ message: String, _ reference: String?) -> [UInt8] {
        SandboxDialect.failure(code: code, message: message, reference: reference)
    }

    private mutating func putAside(
        _ order: SandboxOrder, _ reference: String, at party: CounterpartyName, delay: Span, _ now: Timestamp
    ) {
        // Within the quiet time, with a margin: after it, a 404 is proof that nothing will happen.
        let quiet = profiles[party]?.quietTime ?? .zero
        let until = now + .milliseconds(min(delay.milliseconds, quiet.milliseconds / 2))
        happen(.deferred(reference: reference, order, until: until), at: party)
        note(.takeIn(party, reference: reference), at: until)
    }
}
