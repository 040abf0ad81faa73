/// Decides, without doing anything, what a stage that waits for a notice does next. Law: a callback is a claim.
struct ReceiveStateMachine: Sendable {
    let expected: AwaitedClaim
    let policy: NoticePolicy
    /// Whether asking the counterparty may settle the stage, or only a notice.
    let settlesByFind: Bool
    /// When the counterparty took the instruction.
    let acceptedAt: Timestamp
    /// When waiting becomes a person's concern; the wait goes on.
    let deadline: Timestamp
    private(set) var failures: Int
    private var nextAsk: Timestamp
    private let dismissed: Set<Int64>

    enum Action: Sendable, Equatable {
        /// This notice proves it.
        case take(StoredNotice)
        /// The counterparty refuses, by its notice.
        case refuse(RefusalReason, notice: Int64)
        /// The notice says something else than was asked for.
        case contradict(StoredNotice, [FactMismatch])
        /// Ask what became of it.
        case ask
        /// Ask for the notice to be sent again.
        case requestNotice
        /// Asking has settled it.
        case settle(Receipt, Exchange)
        /// Asking has proved a refusal.
        case refuseFound(RefusalReason, Exchange)
        /// What asking found is something else than was asked for.
        case contradictFound([FactMismatch])
        /// Sleep; `overdue` tells whether the deadline has passed.
        case wait(until: Timestamp?, overdue: Bool)
    }

    init(
        stage: StageState, expected: AwaitedClaim, policy: NoticePolicy, settlesByFind: Bool, acceptedAt: Timestamp,
        within span: Span, hastenedAt: Timestamp?
    ) {
        self.expected = expected
        self.policy = policy
        self.settlesByFind = settlesByFind
        self.acceptedAt = acceptedAt
        deadline = acceptedAt + span
        failures = stage.failures
        dismissed = stage.dismissed
        let hastened = hastenedAt.flatMap { $0 > acceptedAt ? $0 : nil }
        nextAsk = stage.lastAttempt?.value.next ?? hastened ?? (acceptedAt + policy.patience)
    }

    /// Looks at the notices there are; those that say nothing final are passed over.
    func consider(_ notices: [StoredNotice], now: Timestamp) -> Action {
        for stored in notices where !dismissed.contains(stored.number) {
            let claim = stored.notice.claim
            if case .progress = claim.verdict { continue }
            let mismatches = expected.mismatches(with: claim)
            #if PLANTED_BUGS
                if Planted.is(.approvalUnbound), claim.verdict == .settled { return .take(stored) }
            #endif
            guard mismatches.isEmpty else { return .contradict(stored, mismatches) }
            switch claim.verdict {
            case .refused(let reason): return .refuse(reason, notice: stored.number)
            case .settled: return .take(stored)
            case .progress: continue
            }
        }
        if now >= nextAsk { return settlesByFind ? .ask : .requestNotice }
        return wait(now: now)
    }

    /// What the counterparty said when asked.
    mutating func handle(_ finding: Finding, now: Timestamp, entropy: some Entropy) -> (Action, AttemptBody?) {
        switch finding {
        case .found(let receipt, let exchange) where receipt.state == .settled:
            let mismatches = expected.facts.mismatches(with: receipt.facts)
            return (mismatches.isEmpty ? .settle(receipt, exchange) : .contradictFound(mismatches), nil)
        case .found(_, let exchange):
            return pause(.find, .notYetKnown, "pending", exchange, nil, now: now, entropy: entropy)
        case .refused(let reason, let exchange): return (.refuseFound(reason, exchange), nil)
        case .absent(let exchange):
            return pause(.find, .notYetKnown, "absent_after_receipt", exchange, nil, now: now, entropy: entropy)
        case .notYetKnown(let failure, let exchange):
            return pause(.find, .notYetKnown, failure.code, exchange, failure.retryAfter, now: now, entropy: entropy)
        }
    }

    /// What the counterparty said to the request for the notice.
    mutating func handle(_ answer: NoticeRequest, now: Timestamp, entropy: some Entropy) -> (Action, AttemptBody?) {
        switch answer {
        case .promised(let exchange):
            return pause(.requestNotice, .promised, "promised", exchange, nil, now: now, entropy: entropy)
        case .failed(let failure, let exchange):
            return pause(
                .requestNotice, .failed, failure.code, exchange, failure.retryAfter, now: now, entropy: entropy)
        }
    }

    /// Asking never ends while the stage waits: only the pause between two questions grows, up to the policy's cap.
    private mutating func pause(
        _ verb: CallVerb, _ result: AttemptBody.Result, _ code: String, _ exchange: Exchange, _ retryAfter: Span?,
        now: Timestamp, entropy: some Entropy
    ) -> (Action, AttemptBody?) {
        failures += 1
        let pause = policy.asking.endlessPause(after: failures, atLeast: retryAfter, by: entropy)
        nextAsk = now + pause
        let attempt = AttemptBody(verb: verb, result: result, code: code, next: nextAsk, exchange: exchange)
        return (wait(now: now), attempt)
    }

    private func wait(now: Timestamp) -> Action {
        let overdue = now >= deadline
        return .wait(until: overdue ? nextAsk : min(nextAsk, deadline), overdue: overdue)
    }
}
