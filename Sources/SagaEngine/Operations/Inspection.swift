/// Looks at sagas; changes nothing.
public struct Inspection: Sendable {
    private let archive: any SagaArchive
    private let registry: FlowRegistry
    private let digest: any Digest
    private let rules: ActionRules

    /// Looks into an archive.
    public init(archive: any SagaArchive, registry: FlowRegistry, digest: any Digest, singleHanded: Bool) {
        self.archive = archive
        self.registry = registry
        self.digest = digest
        rules = ActionRules(singleHanded: singleHanded)
    }

    /// A saga as it stands, or `nil` when there is none.
    public func snapshot(of id: SagaID) async throws -> SagaSnapshot? {
        guard let row = try await archive.row(of: id) else { return nil }
        let state = try await SagaState.load(row, from: archive, by: digest)
        let flow = registry[row.flow]
        let names =
            (flow?.stages ?? [])
            + state.stages.map(\.name).filter { name in
                !name.rawValue.isEmpty && flow?.stages.contains(name) != true
            }
        let doubts = try await archive.doubts(about: state, of: id)
        let actions = rules.allowed(on: row, state: state, flow: flow, contradictions: doubts)
        return SagaSnapshot(
            row: row, stages: try names.map { try stage($0, state, row) }, predicament: try predicament(of: row),
            census: try await archive.census(under: id),
            conflicts: try await conflicts(of: id, state, doubts),
            prints: try await archive.prints(under: id, limit: SagaSnapshot.printLimit, offset: 0),
            actions: actions.map(\.name), exclusion: actions.contains(.exclude) ? flow?.exclusion : nil,
            needsTwo: actions.filter(rules.needsTwo).map(\.name))
    }

    /// The newest notices that contradict what came before them: those that are marked so, and what no turn has looked
    /// at yet; whatever else has come, at most a few are read.
    private func conflicts(
        of id: SagaID, _ state: SagaState, _ doubts: [Contradiction]
    ) async throws -> [StoredNotice] {
        let limit = SagaSnapshot.conflictLimit
        var query = NoticeQuery(standing: .fresh, saga: id, withBodies: false, limit: SagaSnapshot.freshLimit)
        // In this order: one that a turn decides about meanwhile is seen as the one, the other, or both.
        let fresh = try await archive.notices(query)
        query.standing = .conflicting
        query.limit = limit
        var found = try await archive.notices(query)
        for notice in doubts.map(\.notice) + (try state.contradictions(among: fresh)).map(\.notice)
        where !found.contains(where: { $0.number == notice.number }) {
            found.append(notice)
        }
        return Array(found.sorted { $0.number > $1.number }.prefix(limit))
    }

    /// What a row says its saga waits for or is stuck on.
    public func predicament(of row: SagaRow) throws -> Predicament? {
        try row.standing.readPredicament()
    }

    private func stage(_ name: StageName, _ state: SagaState, _ row: SagaRow) throws -> StageSnapshot {
        let stage = state[name]
        let header = try stage.intent?.header()
        let progress = progress(of: stage, name, state)
        let isNotTaken = progress == .ahead && row.standing.status.isTerminal
        return StageSnapshot(
            name: name, progress: isNotTaken ? .notTaken : progress,
            key: header == nil ? nil : state.key(of: name, in: row.id), counterparty: header?.to,
            reference: header?.reference, receipt: stage.receipt?.value.receipt.id, failures: stage.failures,
            lastFailure: stage.lastAttempt?.value.code,
            lastFailedAt: stage.lastAttempt.flatMap { $0.value.isFailure ? $0.at : nil },
            refusal: stage.refusal?.reason,
            facts: stage.notice?.facts ?? stage.found?.receipt.facts ?? stage.receipt?.value.receipt.facts,
            request: stage.intent?.wire, resolution: try resolution(of: stage, state), children: stage.spawned?.count)
    }

    /// What a person said of a stage, and what came when the counterparty was asked.
    private func resolution(of stage: StageState, _ state: SagaState) throws -> StageSnapshot.Resolved? {
        guard let resolution = stage.resolution else { return nil }
        var word: OperatorAction.Resolution?
        var order = stage.found?.order ?? stage.notice?.order
        if order != nil {
            word = .settled
        } else if stage.resolved == nil, let refused = state.stages.last(where: { $0.refusal != nil }) {
            (word, order) = (.refused, refused.name)
        }
        return StageSnapshot.Resolved(
            outcome: resolution.outcome, actor: resolution.actor, word: word,
            counterparty: try order.flatMap { try state[$0].intent?.header().to })
    }

    private func progress(of stage: StageState, _ name: StageName, _ state: SagaState) -> StageSnapshot.Progress {
        if stage.refusal != nil { return .refused }
        if stage.receipt != nil {
            let isProved = !stage.isOpen || state.isProved(name)
            return isProved ? .done : .accepted
        }
        if stage.isAnswered { return .done }
        return stage.intent != nil || stage.spawned != nil || stage.lastAttempt != nil ? .begun : .ahead
    }
}
