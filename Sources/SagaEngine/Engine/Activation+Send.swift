extension Activation {
    /// Has an instruction delivered exactly once, however often this is replayed.
    func send<Order: Instruction>(_ stage: StageName, _ order: consuming Order) async throws -> Sent<Order> {
        try enter(stage, .send)
        if let intent = state[stage].intent {
            guard try withText(of: order, intent.holds) else {
                throw trouble(
                    .divergence, stage,
                    "stage \(stage) was sent with other content than the flow computes now; "
                        + "run the version it was started with")
            }
        }
        if let receipt = state[stage].receipt { return sent(stage, order, receipt.value.receipt) }
        let party = try counterparty(of: Order.self, at: stage)
        if let refusal = state[stage].refusal { throw self.refusal(stage, party, refusal.reason) }
        let receipt = try await deliver(stage, order, to: party)
        return sent(stage, order, receipt)
    }

    private func sent<Order: Instruction>(
        _ stage: StageName, _ order: consuming Order, _ receipt: Receipt
    ) -> Sent<Order> {
        Sent(address: address(of: stage), instruction: order, receipt: receipt)
    }

    func address(of stage: StageName) -> EvidenceAddress {
        EvidenceAddress(saga: id, stage: stage, refusals: state[stage].refusals)
    }

    func refusal(_ stage: StageName, _ party: KnownParty, _ reason: RefusalReason) -> Refusal {
        Refusal(key: state.key(of: stage, in: id), counterparty: party.terms.name, reason: reason)
    }

    /// Checks what types cannot see before anything becomes durable.
    private func counterparty<Order: Instruction>(
        of type: Order.Type, at stage: StageName
    ) throws -> KnownParty {
        let party = try party(of: type, stage: stage)
        guard party.terms.instructions.contains(Order.kind) else {
            throw trouble(
                .illegal, stage, "\(party.terms.name) does not understand \(Order.kind); the flow must be mended")
        }
        guard !Order.movesMoney || state.pivoted || state.mode == .compensating else {
            throw trouble(
                .illegal, stage, "\(Order.kind) before the point of no return; the flow must pass it first")
        }
        return party
    }

    private func deliver<Order: Instruction>(
        _ stage: StageName, _ order: Order, to party: KnownParty
    ) async throws -> Receipt {
        var machine = SendStateMachine(
            stage: state[stage], terms: party.terms, policy: party.calls,
            incarnation: engine.incarnation)
        var event = SendStateMachine.Event.begin
        // Once in a turn, whether the intent is written in it or stands there from before.
        var mayRely = false
        while true {
            switch machine.handle(event, now: engine.now(), entropy: engine.entropy) {
            case .persistIntent:
                if engine.isDraining { throw end(.handedBack) }
                try await askAboutRefusals(before: stage)
                mayRely = true
                try await checkRefusals(before: stage)
                try await reserve(order.exposure, stage, party)
                try intend(stage, order, party)
                #if PLANTED_BUGS
                    if !Planted.is(.sentBeforeIntent) { try await flush() }
                #else
                    try await flush()
                #endif
                event = .intentDurable(at: engine.now())
            case .ask:
                event = .found(try await find(stage, at: party))
            case .persistResend(let attempt):
                if !mayRely { try await askAboutRefusals(before: stage) }
                mayRely = true
                try await checkRefusals(before: stage)
                try write(.attempt(attempt), stage)
                try await flush()
                event = .resendDurable
            case .deliver:
                #if PLANTED_BUGS
                    if Planted.is(.volatileKey) {
                        let key = IdempotencyKey(saga: id, stage: stage, refusals: 1 + Int(engine.entropy.below(1_000)))
                        event = .delivered(await party.port.deliver(try party.port.render(order, as: key)))
                        continue
                    }
                #endif
                if !mayRely { try await askAboutRefusals(before: stage) }
                mayRely = true
                event = .delivered(try await deliverOnce(stage, order.exposure, to: party))
            case .accept(let receipt, let exchange, let verb):
                try checkReceipt(receipt, against: order.facts, stage, party)
                try write(.receipt(ReceiptBody(receipt: receipt, by: verb, exchange: exchange)), stage)
                return receipt
            case .refuse(let reason, let exchange, let verb):
                try write(.refused(RefusedBody(reason: reason, by: verb, exchange: exchange, notice: nil)), stage)
                throw refusal(stage, party, reason)
            case .pause(let attempt, let until):
                try write(.attempt(attempt), stage)
                throw pause(stage, attempt, until: until, party)
            }
        }
    }

    /// No intent is written that would put more at stake than the limit allows.
    private func reserve(_ exposure: Exposure?, _ stage: StageName, _ party: KnownParty) async throws {
        guard let exposure else { return }
        var admission = engine.gate.reserve(exposure)
        if case .later = admission, await engine.gate.makeRoom(for: exposure) {
            admission = engine.gate.reserve(exposure)
        }
        switch admission {
        case .granted:
            stakes.append(exposure)
            reserved.append(exposure)
        case .later(let moment, let reason):
            engine.record(.heldBack(id, stage, party.terms.name, reason: reason, until: moment))
            throw sleep(.heldBack, stage, reason, Wake(at: moment))
        case .never(let reason): throw trouble(.halted, stage, reason)
        }
    }

    private func intend<Order: Instruction>(
        _ stage: StageName, _ order: Order, _ party: KnownParty
    ) throws {
        let key = state.key(of: stage, in: id)
        let wire: WireRequest
        do throws(Unrenderable) {
            wire = try party.port.render(order, as: key)
        } catch {
            throw trouble(.illegal, stage, "\(party.terms.name) cannot be told \(Order.kind): \(error.reason)")
        }
        let header = IntentBody.Header(
            to: party.terms.name, kind: Order.kind, reference: wire.reference, operation: wire.operation,
            lane: wire.lane, exposure: order.exposure)
        draft.dare()
        try write(.intent(try intent(order, header: header, wire: wire.body)), stage)
        if Order.awaitsNotice {
            draft.expectations.append(Expectation(source: party.terms.name, reference: wire.reference, key: key))
        }
    }

    /// A receipt may say less than was asked for, but nothing else.
    private func checkReceipt(
        _ receipt: Receipt, against facts: Facts, _ stage: StageName, _ party: KnownParty
    ) throws {
        let mismatches = facts.mismatches(with: receipt.facts).filter { $0.actual != nil }
        guard mismatches.isEmpty else {
            throw trouble(
                .mismatch, stage,
                "\(party.terms.name) has \(state.key(of: stage, in: id)) as something else than was asked for: "
                    + mismatches.map(\.description).joined(separator: "; ")
                    + "; clear it up with \(party.terms.name), then resume",
                mismatches: mismatches)
        }
    }

    private func pause(
        _ stage: StageName, _ attempt: AttemptBody, until: Timestamp?, _ party: KnownParty
    ) -> Unwinding {
        guard let until else {
            return trouble(
                .exhausted, stage,
                "\(party.terms.name) gave no usable answer in \(state[stage].failures) attempts "
                    + "(last: \(attempt.code)); mend the cause and resume")
        }
        return sleep(
            .awaitingRetry, stage, "\(party.terms.name): \(attempt.result.rawValue) (\(attempt.code)); asks again",
            Wake(at: until))
    }

    // MARK: Calls

    func deliverOnce(
        _ stage: StageName, _ exposure: Exposure?, to party: KnownParty
    ) async throws -> Delivery {
        let request = try request(of: stage)
        let delivery = try await call(stage, party, .deliver, request, exposure) { await party.port.deliver(request) }
        return delivery
    }

    func find(_ stage: StageName, at party: KnownParty) async throws -> Finding {
        let request = try request(of: stage)
        return try await call(stage, party, .find, request, nil) { await party.port.find(request) }
    }

    func requestNotice(_ stage: StageName, from party: KnownParty) async throws -> NoticeRequest {
        let request = try request(of: stage)
        return try await call(stage, party, .requestNotice, request, nil) {
            await party.port.requestNotice(for: request)
        }
    }

    private func request(of stage: StageName) throws -> WireRequest {
        guard let intent = state[stage].intent else {
            throw trouble(.illegal, stage, "stage \(stage) has nothing to send")
        }
        return try intent.request(as: state.key(of: stage, in: id))
    }

    /// One call, through the gate, and right before it what it relies on and, with a margin, the lease are checked.
    func call<Answer: CallAnswer>(
        _ stage: StageName, _ party: KnownParty, _ verb: CallVerb, _ request: WireRequest, _ exposure: Exposure?,
        _ perform: () async -> Answer
    ) async throws -> Answer {
        let gateCall = GateCall(
            counterparty: party.terms.name, verb: verb, lane: request.lane, exposure: exposure)
        if case .later(let moment, let reason) = await engine.gate.enter(gateCall) {
            engine.record(.heldBack(id, stage, party.terms.name, reason: reason, until: moment))
            throw sleep(.heldBack, stage, "\(party.terms.name): \(reason)", Wake(at: moment))
        }
        if verb == .deliver, state.hasRefusals {
            // The lane, a breaker or a switch may have held this back for as long as they like.
            do {
                try await checkRefusals(before: stage)
            } catch {
                await engine.gate.leave(gateCall, outcome: .notMade)
                throw error
            }
        }
        guard engine.leaseIsSafe else {
            await engine.gate.leave(gateCall, outcome: .notMade)
            engine.reportStoreTrouble(StoreError(.unavailable, "the lease was not prolonged in time"))
            throw end(.lost)
        }
        let started = engine.now()
        let answer = await perform()
        await engine.gate.leave(gateCall, outcome: answer.outcome)
        engine.record(
            .called(
                id, stage, party.terms.name, verb, code: answer.code, latency: engine.now() - started,
                shared: answer.exchange.isShared))
        return answer
    }
}

/// What the gate and the metrics want to know of an answer.
protocol CallAnswer {
    /// Why it says nothing, if it does not.
    var failure: CallFailure? { get }
    var exchange: Exchange { get }
    var code: String { get }
}

extension CallAnswer {
    var outcome: CallOutcome {
        guard let failure else { return .answered }
        return exchange.isShared ? .failedTogether(failure) : .failed(failure)
    }
}

extension Delivery: CallAnswer {
    var failure: CallFailure? {
        switch self {
        case .receipt, .refused: nil
        case .notDelivered(let failure, _), .unknown(let failure, _): failure
        }
    }

    var exchange: Exchange {
        switch self {
        case .receipt(_, let exchange), .refused(_, let exchange), .notDelivered(_, let exchange),
            .unknown(_, let exchange):
            exchange
        }
    }

    var code: String {
        switch self {
        case .receipt: "receipt"
        case .refused: "refused"
        case .notDelivered(let failure, _): "not_delivered_\(failure.code)"
        case .unknown(let failure, _): "unknown_\(failure.code)"
        }
    }
}

extension Finding: CallAnswer {
    var failure: CallFailure? {
        switch self {
        case .found, .refused, .absent: nil
        case .notYetKnown(let failure, _): failure
        }
    }

    var exchange: Exchange {
        switch self {
        case .found(_, let exchange), .refused(_, let exchange), .absent(let exchange), .notYetKnown(_, let exchange):
            exchange
        }
    }

    var code: String {
        switch self {
        case .found: "found"
        case .refused: "refused"
        case .absent: "absent"
        case .notYetKnown(let failure, _): "not_yet_known_\(failure.code)"
        }
    }
}

extension NoticeRequest: CallAnswer {
    var failure: CallFailure? {
        switch self {
        case .promised: nil
        case .failed(let failure, _): failure
        }
    }

    var exchange: Exchange {
        switch self {
        case .promised(let exchange), .failed(_, let exchange): exchange
        }
    }

    var code: String {
        switch self {
        case .promised: "promised"
        case .failed(let failure, _): "failed_\(failure.code)"
        }
    }
}
