internal import SagaEngine

/// Notices: what is owed about an order that came to its end, and how it goes wrong on the way.
extension SimulatedWorld {
    /// Lets the notices about an order's end be sent, struck by a fault or not.
    mutating func tell(_ record: SandboxRecord, at party: CounterpartyName, _ now: Timestamp) {
        let call = FaultPlan.Call(
            party: party, verb: .notice, operation: record.order.operation, reference: record.reference)
        guard let rule = faults.strike(call, except: .noticeEarly) else {
            send(record, at: party, now)
            return
        }
        let later = now + rule.delay
        switch rule.kind {
        case .noticeLost: _ = owe(record, at: party, now)
        case .noticeLate: send(record, at: party, now, sent: later)
        case .noticeDoubled:
            guard let dispatch = owe(record, at: party, now) else { return }
            note(.send(dispatch), at: now)
            note(.send(dispatch), at: now)
        case .noticeRepeated:
            send(record, at: party, now)
            send(record, at: party, now, sent: later)
        case .noticeReordered:
            send(record, at: party, now)
            var progress = record
            (progress.state, progress.code, progress.message) = (.progress, nil, "in progress")
            send(progress, at: party, now, sent: later)
        case .noticeChunked: send(record, at: party, now, isChunked: true)
        case .noticeForged:
            note(.send(forgery(of: record, at: party)), at: now)
            send(record, at: party, now)
        case .noticeWrongAmount: send(record, at: party, now, amount: Self.other(record.order.facts["amount"] ?? "1"))
        case .slow, .errorBefore, .errorAfter, .cut, .appliedLate, .rateLimited, .malformed, .oversized, .refusedLater,
            .noticeEarly, .listingLags:
            send(record, at: party, now)
        }
    }

    /// Notes that a notice is owed, and makes its first attempt.
    mutating func owe(
        _ record: SandboxRecord, at party: CounterpartyName, _ now: Timestamp, amount: String? = nil
    ) -> NoticeDispatch? {
        let id = "\(party)-notice-\(book(of: party).noticeCount + 1)"
        happen(
            .noticeOwed(id: id, reference: record.reference, state: record.state, amount: amount, at: now), at: party)
        return book(of: party).owed[ByteText(id)].flatMap { dispatch(id, $0, at: party) }
    }

    /// The first attempt at a notice that is owed.
    func dispatch(_ id: String, _ notice: PartyBook.OwedNotice, at party: CounterpartyName) -> NoticeDispatch? {
        guard var record = book(of: party).order(notice.reference)?.record else { return nil }
        if notice.state == .progress {
            (record.state, record.code, record.message) = (.progress, nil, "in progress")
        }
        if let amount = notice.amount { record.order = record.order.stating(amount: amount) }
        return NoticeDispatch(
            party: party, id: id, body: SandboxDialect.document(record), isForged: false, isChunked: false, attempt: 0)
    }

    private mutating func send(
        _ record: SandboxRecord, at party: CounterpartyName, _ now: Timestamp, sent: Timestamp? = nil,
        amount: String? = nil, isChunked: Bool = false
    ) {
        guard let plain = owe(record, at: party, now, amount: amount) else { return }
        let dispatch = NoticeDispatch(
            party: party, id: plain.id, body: plain.body, isForged: false, isChunked: isChunked, attempt: 0)
        note(.send(dispatch), at: sent ?? now)
    }

    private func forgery(of record: SandboxRecord, at party: CounterpartyName) -> NoticeDispatch {
        var lie = record
        lie.order = record.order.stating(amount: Self.other(record.order.facts["amount"] ?? "1"))
        let id = "\(party)-notice-\(book(of: party).noticeCount + 1)-x"
        return NoticeDispatch(
            party: party, id: id, body: SandboxDialect.document(lie), isForged: true, isChunked: false, attempt: 0)
    }

    /// Another amount of the same form: its first digit raised by one, or put before it.
    private static func other(_ amount: String) -> String {
        guard let first = amount.first?.wholeNumberValue, first < 9 else { return "1" + amount }
        return "\(first + 1)" + amount.dropFirst()
    }
}

extension SandboxOrder {
    /// The same order with another amount.
    func stating(amount: String) -> SandboxOrder {
        let facts = facts.pairs.map { $0.name == "amount" ? Facts.Fact("amount", amount) : $0 }
        return SandboxOrder(operation: operation, facts: Facts(facts))
    }
}
