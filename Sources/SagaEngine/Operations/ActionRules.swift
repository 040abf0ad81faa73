/// Decides, without doing anything, whether an operator's action is allowed on a saga as it stands.
struct ActionRules: Sendable {
    /// Whether one person may do what should need two; only ever on where every counterparty is on loopback.
    let singleHanded: Bool

    /// The actions that a saga's state allows.
    func allowed(
        on row: SagaRow, state: SagaState, flow: AnyFlow?, contradictions: [Contradiction] = []
    ) -> [OperatorAction] {
        // What it waits for is what a person may resolve; without word of that, any stage that is open stands for it.
        let open = Self.predicament(of: row)?.stage ?? flow?.stages.first { !state[$0].isAnswered } ?? .saga
        let candidates: [OperatorAction] = [
            .retry, .resume, .resolve(stage: open, outcome: .settled, evidence: ""), .exclude, .discard, .cancel,
        ]
        return candidates.filter {
            refusal(of: $0, on: row, state: state, flow: flow, contradictions: contradictions) == nil
        }
    }

    /// Why an action is not allowed on a saga; `nil` when it is.
    ///
    /// The contradictions are those among the saga's notices that nobody has decided about.
    func refusal(
        of action: OperatorAction, on row: SagaRow, state: SagaState, flow: AnyFlow?,
        contradictions: [Contradiction] = []
    ) -> ActionRefused? {
        refusal(of: action, on: row, state: state, flow: flow)
            ?? contradictions.lazy.compactMap { doubt(about: action, on: row, state, $0) }.first
    }

    private func refusal(
        of action: OperatorAction, on row: SagaRow, state: SagaState, flow: AnyFlow?
    ) -> ActionRefused? {
        let status = row.standing.status
        guard !status.isTerminal else {
            return ActionRefused(.state, "\(row.id) is \(status.rawValue); nothing changes it any more")
        }
        switch action {
        case .retry: return retry(row, state, flow)
        case .resume:
            let words = Self.patience(of: row).map { "it \($0)" } ?? "retry hastens a wait"
            return status == .stuck
                ? nil : ActionRefused(.state, "\(row.id) is \(status.rawValue), not stuck; \(words)")
        case .resolve(let stage, let outcome, _):
            return resolve(stage, row, state, flow) ?? approval(outcome, row, state, flow)
        case .exclude:
            guard row.origin != nil, let flow, flow.exclude != nil else {
                return ActionRefused(.state, "\(row.id) is not a line that can be taken out of a whole")
            }
            guard state.mode != .excluding else {
                return ActionRefused(.state, "\(row.id) is being taken out already; resume goes on with that")
            }
            if let done = flow.excludedBy.first(where: { state.hasHadEffect($0) }) {
                return ActionRefused(
                    .state, "\(row.id) cannot be taken out: its \(done) has had its effect; it only goes forward")
            }
            return status == .stuck || status == .waiting
                ? nil : ActionRefused(.state, "\(row.id) is \(status.rawValue); only what cannot go on is excluded")
        case .discard, .cancel:
            return callOff(action, row, state, flow)
        }
    }

    private func retry(_ row: SagaRow, _ state: SagaState, _ flow: AnyFlow?) -> ActionRefused? {
        guard Self.predicament(of: row)?.cause != .refused else {
            let isLine = refusal(of: .exclude, on: row, state: state, flow: flow) == nil
            return ActionRefused(
                .state,
                "\(row.id) was refused; resume sends it under a new key\(isLine ? ", exclude takes it out" : "")")
        }
        if let words = Self.patience(of: row) { return ActionRefused(.state, "\(row.id) \(words)") }
        let status = row.standing.status
        return status == .waiting || status == .stuck || status == .compensating
            ? nil : ActionRefused(.state, "\(row.id) is \(status.rawValue); there is no attempt to hasten")
    }

    /// What a saga waits for that no attempt of its own brings nearer; `nil` when there is one to make.
    private static func patience(of row: SagaRow) -> String? {
        switch predicament(of: row)?.cause {
        case .awaitingChildren:
            "waits for its children, so there is no attempt of its own to hasten; retry those of them that wait"
        case .awaitingMoment: "waits for its moment, which nothing hastens; it goes on by itself"
        case nil, .awaitingNotice, .awaitingRetry, .heldBack, .refused, .mismatch, .exhausted, .overdue, .halted,
            .violation, .divergence, .illegal, .failed, .impossible:
            nil
        }
    }

    /// Law: one effect, one identity. A refusal that the counterparty itself contradicts makes no further key, and
    /// gives no money back for what may have been paid.
    private func doubt(
        about action: OperatorAction, on row: SagaRow, _ state: SagaState, _ contradiction: Contradiction
    ) -> ActionRefused? {
        let claim = contradiction.notice.notice.claim
        guard claim.verdict == .settled else { return nil }
        let order = contradiction.order
        switch action {
        case .retry, .resume, .resolve:
            guard state.mode != .forward || state.reliesOnRefusal(of: order) else { return nil }
        case .exclude, .discard, .cancel: break
        }
        let (number, source) = (contradiction.notice.number, contradiction.notice.notice.source)
        return ActionRefused(
            .state,
            "\(action.name) of \(row.id) relies on \(source)'s refusal of \(order), and notice \(number) of the same "
                + "\(source) says that \(claim.reference) is settled: look at \(source)'s books under that reference; "
                + "when nothing stands there, or what stood there was taken back, notices bind \(number) puts it aside, "
                + "and then \(action.name)")
    }

    private func resolve(
        _ stage: StageName, _ row: SagaRow, _ state: SagaState, _ flow: AnyFlow?
    ) -> ActionRefused? {
        guard row.standing.status == .stuck || row.standing.status == .waiting else {
            return ActionRefused(
                .state, "\(row.id) is \(row.standing.status.rawValue); only what waits or is stuck is resolved")
        }
        if let flow, !flow.stages.contains(stage) {
            let wrong = stage == .saga ? "a resolution names a stage of \(row.id)" : "\(row.flow) has no stage \(stage)"
            return ActionRefused(
                .notFound, "\(wrong): one of \(flow.stages.map(\.rawValue).joined(separator: ", "))")
        }
        guard !state[stage].isAnswered else {
            return ActionRefused(.state, "stage \(stage) of \(row.id) has its evidence already")
        }
        guard let predicament = Self.predicament(of: row) else { return nil }
        guard predicament.stage == stage, Self.isWaitForNotice(predicament, state[stage]) else {
            return ActionRefused(
                .state,
                "stage \(stage) of \(row.id) waits for no notice, so there is nothing to bring evidence for: "
                    + "\(predicament.message)")
        }
        return nil
    }

    /// Law: no person's word makes an approval. Only that it was refused may be brought up, which the counterparty,
    /// being asked, must confirm.
    private func approval(
        _ outcome: OperatorAction.Resolution, _ row: SagaRow, _ state: SagaState, _ flow: AnyFlow?
    ) -> ActionRefused? {
        guard outcome == .settled, let predicament = Self.predicament(of: row), predicament.awaits == .approval else {
            return nil
        }
        let others: [OperatorAction] = [.exclude, .discard]
        let ways = others.filter { refusal(of: $0, on: row, state: state, flow: flow) == nil }
            .map { ", or \($0.name) \(row.id)" }.joined()
        return ActionRefused(
            .state,
            "stage \(predicament.stage) of \(row.id) waits for an approval, which no person's word can be: have the "
                + "counterparty send its notice again (retry asks for it), bring in its signed original with "
                + "notices import\(ways)")
    }

    /// Only a wait for a notice can be ended by evidence; instructions and local steps cannot.
    private static func isWaitForNotice(_ predicament: Predicament, _ stage: StageState) -> Bool {
        guard stage.intent == nil, stage.refusals == 0, stage.lastAttempt?.value.verb != .step else { return false }
        return switch predicament.cause {
        case .awaitingNotice, .awaitingRetry, .heldBack, .mismatch, .overdue, .impossible: true
        case .awaitingMoment, .awaitingChildren, .refused, .exhausted, .halted, .violation, .divergence, .illegal,
            .failed:
            false
        }
    }

    /// What the row says that the saga waits for, or why it is stuck; `nil` when it says nothing that can be read.
    private static func predicament(of row: SagaRow) -> Predicament? {
        do {
            return try row.standing.readPredicament()
        } catch {
            // It is for people; the journal decides, and no action is withheld because this cannot be read.
            return nil
        }
    }

    private func callOff(
        _ action: OperatorAction, _ row: SagaRow, _ state: SagaState, _ flow: AnyFlow?
    ) -> ActionRefused? {
        guard row.parent == nil else {
            return ActionRefused(.state, "\(row.id) is part of another saga; act on the whole, or exclude the line")
        }
        #if PLANTED_BUGS
            if Planted.is(.cancelledPastPivot) { return nil }
        #endif
        guard !state.pivoted else {
            let way = state.isCalledOff ? "it is being called off" : "it only goes forward"
            return ActionRefused(
                .state, "\(row.id) is past its point of no return: money may have moved, so \(way)")
        }
        // One that was cancelled and has put nothing back may end without putting anything back.
        guard state.mode == .forward || action == .discard && state.hasPutNothingBack else {
            return ActionRefused(.state, "\(row.id) is being called off already; resume goes on with that")
        }
        guard row.openChildren == 0 else {
            return ActionRefused(.state, "\(row.id) has \(row.openChildren) children at work; they must end first")
        }
        if action == .cancel, flow?.compensate == nil {
            return ActionRefused(.state, "\(row.flow) has nothing to put back; discard it instead")
        }
        return nil
    }

    /// Whether the action needs two persons.
    func needsTwo(_ action: OperatorAction) -> Bool {
        switch action {
        case .retry, .resume, .discard: false
        case .resolve, .exclude, .cancel: !singleHanded
        }
    }
}
