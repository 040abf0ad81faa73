/// Decides, without doing anything, what a stage that sends does next. Law: ask before sending again.
struct SendStateMachine: Sendable {
    let terms: CounterpartyTerms
    let policy: RetryPolicy
    let incarnation: Incarnation
    /// When the intent became durable; `nil` while it has not.
    private(set) var intendedAt: Timestamp?
    /// Whether the intent was written in this very activation, so that nothing can have been sent yet.
    private var isFresh: Bool
    /// Failed attempts so far, since a person last had a hand in it.
    private(set) var failures: Int
    /// From when on a "not found" proves that nothing will happen.
    private var absenceProvesFrom: Timestamp?

    enum Event: Sendable {
        case begin
        case intentDurable(at: Timestamp)
        /// It is durable that the request is about to be sent again.
        case resendDurable
        case delivered(Delivery)
        case found(Finding)
    }

    enum Action: Sendable, Equatable {
        case persistIntent
        case ask
        case deliver
        /// Keep that it is about to be sent again, so that a later absence needs a quiet time of its own.
        case persistResend(AttemptBody)
        case accept(Receipt, Exchange, by: CallVerb)
        case refuse(RefusalReason, Exchange, by: CallVerb)
        /// Keep the attempt, sleep, and begin again; `nil` means that the policy is exhausted.
        case pause(AttemptBody, until: Timestamp?)
    }

    /// Takes up a stage as its journal describes it.
    init(stage: StageState, terms: CounterpartyTerms, policy: RetryPolicy, incarnation: Incarnation) {
        self.terms = terms
        self.policy = policy
        self.incarnation = incarnation
        intendedAt = stage.intendedAt
        isFresh = stage.intent == nil
        // What could not be asked about before the intent uses up no attempt of the sending.
        failures = isFresh ? 0 : stage.failures
        if let attempt = stage.lastAttempt, attempt.value.result == .absent { absenceProvesFrom = attempt.value.next }
    }

    mutating func handle(_ event: Event, now: Timestamp, entropy: some Entropy) -> Action {
        switch event {
        case .begin:
            #if PLANTED_BUGS
                if Planted.is(.sentAgainUnasked), intendedAt != nil { return .deliver }
            #endif
            return intendedAt == nil ? .persistIntent : .ask
        case .intentDurable(let at):
            intendedAt = at
            return incarnation.mayHaveForgotten ? .ask : .deliver
        case .resendDurable:
            return .deliver
        case .delivered(let delivery):
            return after(delivery, now: now, entropy: entropy)
        case .found(let finding):
            return after(finding, now: now, entropy: entropy)
        }
    }

    private mutating func after(_ delivery: Delivery, now: Timestamp, entropy: some Entropy) -> Action {
        switch delivery {
        case .receipt(let receipt, let exchange): return .accept(receipt, exchange, by: .deliver)
        case .refused(let reason, let exchange): return .refuse(reason, exchange, by: .deliver)
        case .notDelivered(let failure, let exchange):
            return pause(.deliver, .notDelivered, failure, exchange, now: now, entropy: entropy)
        case .unknown(let failure, let exchange):
            #if PLANTED_BUGS
                if Planted.is(.unknownIsRefused) {
                    return .refuse(RefusalReason(code: failure.code, message: "no answer"), exchange, by: .deliver)
                }
            #endif
            return pause(.deliver, .unknown, failure, exchange, now: now, entropy: entropy)
        }
    }

    private mutating func after(_ finding: Finding, now: Timestamp, entropy: some Entropy) -> Action {
        switch finding {
        case .found(let receipt, let exchange): return .accept(receipt, exchange, by: .find)
        case .refused(let reason, let exchange): return .refuse(reason, exchange, by: .find)
        case .notYetKnown(let failure, let exchange):
            return pause(.find, .notYetKnown, failure, exchange, now: now, entropy: entropy)
        case .absent(let exchange):
            return afterAbsence(exchange, now: now)
        }
    }

    /// A key is sent again only while the party recognises it, or once its absence is proved.
    private mutating func afterAbsence(_ exchange: Exchange, now: Timestamp) -> Action {
        if isRecognised(now: now) { return .deliver }
        let provesFrom = absenceProvesFrom ?? quietEnd(now: now)
        guard now >= provesFrom, absenceProvesFrom != nil || isFresh else {
            return .pause(
                AttemptBody(verb: .find, result: .absent, code: "quiet_time", next: provesFrom, exchange: exchange),
                until: provesFrom)
        }
        // Nothing but the intent stands in the journal: whoever takes over waits for a quiet time anyway.
        guard absenceProvesFrom != nil else { return .deliver }
        // The absence that is proved says nothing about the request that is about to be sent.
        absenceProvesFrom = nil
        return .persistResend(
            AttemptBody(verb: .deliver, result: .resending, code: "absence_proved", next: nil, exchange: exchange))
    }

    /// Whether the party still knows the key if it ever saw it.
    private func isRecognised(now: Timestamp) -> Bool {
        switch terms.keyRetention {
        case .forever: return true
        case .lasting(let span):
            // After a restore the first send may be older than the intent that this data remembers.
            guard let intendedAt else { return false }
            return (!incarnation.mayHaveForgotten || intendedAt < incarnation.since) && now < intendedAt + span
        case .none: return false
        }
    }

    /// After a restore, what was forgotten was sent before this life of the data began.
    private var quietEndOfRestore: Timestamp { incarnation.since + terms.quietTime }

    /// Whoever may have sent has stopped by now, so the quiet time runs from now; a fresh intent was sent by nobody.
    private func quietEnd(now: Timestamp) -> Timestamp {
        isFresh ? quietEndOfRestore : now + terms.quietTime
    }

    private mutating func pause(
        _ verb: CallVerb, _ result: AttemptBody.Result, _ failure: CallFailure, _ exchange: Exchange, now: Timestamp,
        entropy: some Entropy
    ) -> Action {
        failures += 1
        let pause = policy.pause(after: failures, atLeast: failure.retryAfter, by: entropy)
        let until = pause.map { now + $0 }
        return .pause(
            AttemptBody(verb: verb, result: result, code: failure.code, next: until, exchange: exchange), until: until)
    }
}
