/// The one door through which sagas are started, notices come in and operators act. Everything leaves a print.
public struct Operations: Sendable {
    private let services: EngineServices
    private let rules: ActionRules

    /// Opens the door to what a runner works on.
    ///
    /// - Parameters:
    ///   - runner: The runner whose store and flows are meant; it must be running.
    ///   - singleHanded: Whether one person may do what should need two.
    public init(runner: Runner, singleHanded: Bool) {
        services = runner.services
        rules = ActionRules(singleHanded: singleHanded)
    }

    // MARK: Starting

    /// Starts a saga, or learns that it exists.
    ///
    /// - Returns: Whether the saga is new; the same one again is no error.
    public func submit(_ id: SagaID, flow: FlowID, input: [UInt8]) async throws -> Bool {
        guard let accepted = services.registry.accepts(input, for: flow) else {
            throw ActionRefused(.notFound, "there is no flow \(flow); there are \(services.registry.all)")
        }
        guard accepted else { throw ActionRefused(.invalid, "the input does not fit \(flow)") }
        let genesis = ChainLink.genesis(of: id, flow: flow, input: input, by: services.digest)
        let saga = NewSaga(id: id, flow: flow, input: input, genesis: genesis)
        switch try await services.writes.commit(.submit(saga)) {
        case .submitted: return true
        case .exists(_, same: true): return false
        case .exists(_, same: false):
            throw ActionRefused(.state, "\(id) exists with other content; an id is given once and for ever")
        case .appended, .fenced, .stale, .busy, .violated, .noticed, .duplicate, .full, .claimed, .leased, .done,
            .missing:
            throw StoreError(.misuse, "a store answers a submission with a submission")
        }
    }

    // MARK: Notices

    /// Keeps a verified notice; it may be acknowledged once this has returned.
    ///
    /// One that is to be kept apart says why, and must not be acknowledged.
    public func accept(
        _ notice: Notice, quarantine: NewNotice.Quarantine? = nil
    ) async throws(StoreError) -> StoreResult {
        let new = NewNotice(notice: notice, quarantine: quarantine)
        #if PLANTED_BUGS
            if Planted.is(.acknowledgedBeforeCommit) {
                do throws(StoreError) {
                    return try await services.writes.commit(.notice(new))
                } catch {
                    return .done
                }
            }
        #endif
        return try await services.writes.commit(.notice(new))
    }

    /// Gives a stored notice to a saga, or to the one that expects its reference.
    public func bind(
        notice number: Int64, to saga: SagaID?, by actor: Operator, reason: String
    ) async throws -> NoticeStanding {
        let outcome = await attempt { () async throws -> NoticeStanding in
            try check(actor, reason)
            let print = print(of: "bind", by: actor, on: saga, reason: reason, version: nil, "done", "notice \(number)")
            let assignment = NoticeAssignment(number: number, saga: saga, print: print)
            switch try await services.writes.commit(.assign(assignment)) {
            case .noticed(_, let standing, _): return standing
            case .missing: throw ActionRefused(.notFound, "there is no notice \(number), or no such saga")
            case .stale:
                throw ActionRefused(
                    .state, "notice \(number) is in use, or its saga is about to look at it; only other ones are bound")
            case .submitted, .exists, .appended, .fenced, .busy, .violated, .duplicate, .full, .claimed, .leased, .done:
                throw StoreError(.misuse, "a store answers an assignment with a notice")
            }
        }
        try await tell(of: "bind", by: actor, on: saga, reason: reason, version: nil, outcome, "notice \(number)")
        return try outcome.get()
    }

    // MARK: Acting

    /// Does something to a saga, if its state and the actor's role allow it.
    ///
    /// - Parameters:
    ///   - action: What is to be done.
    ///   - id: The saga.
    ///   - actor: Who does it.
    ///   - reason: Why; not empty.
    ///   - version: The last sequence number the actor saw; `nil` acts on whatever there is.
    /// - Returns: The saga's last sequence number after the action.
    /// - Throws: ``ActionRefused``, or ``StoreError`` when the store is away.
    public func act(
        _ action: OperatorAction, on id: SagaID, by actor: Operator, reason: String, version: Int?
    ) async throws -> Int {
        let outcome = await attempt { () async throws -> Int in
            try check(actor, reason)
            return try await carryOut(action, on: id, by: actor, reason: reason, version: version)
        }
        try await tell(
            of: action.name, by: actor, on: id, reason: reason, version: version, outcome, action.detail)
        return try outcome.get()
    }

    /// Why an action would be refused as things stand; `nil` when it would be carried out. Nothing is done or printed.
    public func refusal(
        of action: OperatorAction, on id: SagaID, by actor: Operator, reason: String
    ) async throws -> ActionRefused? {
        do {
            try check(actor, reason)
            _ = try await allowed(action, on: id, version: nil)
            return nil
        } catch let refused as ActionRefused {
            return refused
        }
    }

    private func carryOut(
        _ action: OperatorAction, on id: SagaID, by actor: Operator, reason: String, version: Int?
    ) async throws -> Int {
        let (row, state) = try await allowed(action, on: id, version: version)
        let body = ActionBody(
            action: action, actor: actor.name, role: actor.role.rawValue, reason: reason, version: row.sequence)
        let print = print(
            of: action.name, by: actor, on: id, reason: reason, version: version, "done", action.detail)
        return try await append(.action(body), to: row, state, print)
    }

    private func allowed(
        _ action: OperatorAction, on id: SagaID, version: Int?
    ) async throws -> (row: SagaRow, state: SagaState) {
        guard let row = try await services.store.row(of: id) else {
            throw ActionRefused(.notFound, "there is no saga \(id)")
        }
        if let version, version != row.sequence {
            throw ActionRefused(
                .stale, "\(id) has moved on: you saw version \(version), it is at \(row.sequence); look again")
        }
        let state = try await SagaState.load(row, from: services.store, by: services.digest)
        let doubts = try await services.store.doubts(about: state, of: id)
        if let refusal = rules.refusal(
            of: action, on: row, state: state, flow: services.registry[row.flow], contradictions: doubts)
        {
            throw refusal
        }
        // What could not be done by two persons either is refused for what it is.
        guard !rules.needsTwo(action) else {
            throw ActionRefused(
                .needsSecondPerson,
                "\(action.name) can move money and needs a second person; approvals are not available yet, "
                    + "and single_handed is off")
        }
        return (row, state)
    }

    private func append(
        _ content: EntryContent, to row: SagaRow, _ state: SagaState, _ print: OperatorPrint
    ) async throws -> Int {
        let at = services.now()
        let sequence = row.sequence + 1
        let bytes = try content.encoded()
        let link = state.head.next(
            sequence: sequence, stage: .saga, refusals: 0, kind: content.kind, at: at, body: bytes, by: services.digest)
        let entry = JournalEntry(
            sequence: sequence, stage: .saga, refusals: 0, kind: content.kind, at: at, body: bytes, link: link)
        var standing = row.standing
        standing.status = .running
        standing.predicament = []
        var append = Append(
            saga: row.number, right: .version(row.sequence), entries: [entry], disposition: .release,
            standing: standing, print: print)
        append.notices = try await noticesDoneWith(state)
        switch try await services.writes.commit(.append(append)) {
        case .appended: return sequence
        case .busy: throw ActionRefused(.busy, "a runner is working on \(row.id) just now; try again")
        case .stale(let now): throw ActionRefused(.stale, "\(row.id) has moved on to version \(now); look again")
        case .missing: throw ActionRefused(.notFound, "there is no saga \(row.id)")
        case .submitted, .exists, .fenced, .violated, .noticed, .duplicate, .full, .claimed, .leased, .done:
            throw StoreError(.misuse, "a store answers an append with an append")
        }
    }

    /// Whatever a person decides about a saga that is stuck over a notice, it is stuck over that notice no longer.
    private func noticesDoneWith(_ state: SagaState) async throws(StoreError) -> [NoticeUse] {
        guard let trouble = state.trouble, trouble.cause == .mismatch, let number = trouble.notice else { return [] }
        let query = NoticeQuery(standing: .mismatched, number: number, withBodies: false, limit: 1)
        return try await services.store.notices(query).map { NoticeUse(number: $0.number, standing: .late) }
    }

    // MARK: Prints

    /// Keeps a print of something an operator did outside the sagas, such as importing a notice.
    public func print(
        _ action: String, by actor: Operator, on saga: SagaID?, reason: String, outcome: String, detail: String
    ) async throws(StoreError) {
        let print = OperatorPrint(
            actor: actor.name, role: actor.role.rawValue, action: action, saga: saga, reason: reason, version: nil,
            outcome: outcome, detail: detail)
        try await keep(print)
    }

    private func check(_ actor: Operator, _ reason: String) throws(ActionRefused) {
        guard actor.role >= .operator else {
            throw ActionRefused(.forbidden, "the role \(actor.role.rawValue) may look, but not act")
        }
        try Self.check(reason: reason)
    }

    /// Refuses a reason that is empty, too long, or holds what could show it as another one to who reads it later.
    public static func check(reason: String) throws(ActionRefused) {
        guard !reason.isEmpty, reason.utf8.count <= longestReason else {
            throw ActionRefused(.invalid, "an action needs a reason of at most \(longestReason) bytes")
        }
        if let fault = PlainText.fault(in: reason) {
            throw ActionRefused(
                .invalid, "the reason holds \(fault), which is no plain text: write it in one line, without controls")
        }
    }

    /// The longest reason kept, in UTF-8 bytes.
    public static let longestReason = 2_000

    private func attempt<Value>(_ work: () async throws -> Value) async -> Result<Value, any Error> {
        do {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }

    /// Tells how an attempt went; what was done has its print already, from the transaction that did it.
    private func tell<Value>(
        of action: String, by actor: Operator, on saga: SagaID?, reason: String, version: Int?,
        _ outcome: Result<Value, any Error>, _ detail: String
    ) async throws(StoreError) {
        let word: String
        switch outcome {
        case .success:
            services.record(.acted(action, on: saga, outcome: "done"))
            return
        case .failure(let refused as ActionRefused): word = refused.code.rawValue
        case .failure: word = "failed"
        }
        try await keep(print(of: action, by: actor, on: saga, reason: reason, version: version, word, detail))
    }

    private func print(
        of action: String, by actor: Operator, on saga: SagaID?, reason: String, version: Int?, _ outcome: String,
        _ detail: String
    ) -> OperatorPrint {
        OperatorPrint(
            actor: actor.name, role: actor.role.rawValue, action: action, saga: saga,
            reason: PlainText.escaping(String(decoding: reason.utf8.prefix(Self.longestReason), as: UTF8.self)),
            version: version, outcome: outcome, detail: detail)
    }

    private func keep(_ print: OperatorPrint) async throws(StoreError) {
        _ = try await services.writes.commit(.print(print))
        services.record(.acted(print.action, on: print.saga, outcome: print.outcome))
    }
}

extension OperatorAction {
    /// What a print says beside the action's name.
    var detail: String {
        switch self {
        case .retry, .resume, .exclude, .discard, .cancel: ""
        case .resolve(let stage, let outcome, let evidence): "\(stage) \(outcome.rawValue) evidence \(evidence)"
        }
    }
}
