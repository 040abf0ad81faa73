/// A saga as people look at it: its stages along the rail, what it waits for, what is at stake, what can be done.
public struct SagaSnapshot: Sendable {
    /// The row.
    public let row: SagaRow
    /// The flow's stages in their own order, and what the journal says about each.
    public let stages: [StageSnapshot]
    /// What it waits for or why it is stuck.
    public let predicament: Predicament?
    /// How its descendants stand, itself included, and all that is at stake.
    public let census: SagaCensus
    /// What an operator could do now.
    public let actions: [String]
}

/// One stage as people look at it.
public struct StageSnapshot: Sendable, Equatable {
    /// The stage.
    public let name: StageName
    /// How far it is.
    public let progress: Progress
    /// The effect's identity, when the stage sends something.
    public let key: IdempotencyKey?
    /// The counterparty it is sent to.
    public let counterparty: CounterpartyName?
    /// Our reference at the counterparty.
    public let reference: String?
    /// The counterparty's own name for it.
    public let receipt: String?
    /// Failed attempts since a person last had a hand in it.
    public let failures: Int
    /// The code of the last attempt in vain.
    public let lastFailure: String?
    /// Why it was refused, if it was.
    public let refusal: RefusalReason?
    /// What was asked for, as facts, when the counterparty confirmed it.
    public let facts: Facts?
    /// Children started, for a stage that has children.
    public let children: Int?

    /// How far a stage is.
    public enum Progress: String, Sendable, Codable, CaseIterable {
        /// The saga has not come to it.
        case ahead
        /// It has begun and is not done.
        case begun
        /// The counterparty has it; the proof is still to come.
        case accepted
        /// It is done.
        case done
        /// The counterparty has refused it.
        case refused
    }
}

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
        return SagaSnapshot(
            row: row, stages: names.map { stage($0, state, row.id) }, predicament: try predicament(of: row),
            census: try await archive.census(under: id),
            actions: rules.allowed(on: row, state: state, flow: flow))
    }

    /// What a row says its saga waits for or is stuck on.
    public func predicament(of row: SagaRow) throws -> Predicament? {
        guard !row.standing.predicament.isEmpty else { return nil }
        return try JournalDecoder().decode(Predicament.self, from: row.standing.predicament)
    }

    private func stage(_ name: StageName, _ state: SagaState, _ saga: SagaID) -> StageSnapshot {
        let stage = state[name]
        let header = stage.intent?.value.header
        return StageSnapshot(
            name: name, progress: progress(of: stage, name, state),
            key: header == nil ? nil : state.key(of: name, in: saga), counterparty: header?.to,
            reference: header?.reference, receipt: stage.receipt?.value.receipt.id, failures: stage.failures,
            lastFailure: stage.lastAttempt?.value.code, refusal: stage.refusal?.reason,
            facts: stage.notice?.facts ?? stage.found?.receipt.facts ?? stage.receipt?.value.receipt.facts,
            children: stage.spawned?.count)
    }

    private func progress(of stage: StageState, _ name: StageName, _ state: SagaState) -> StageSnapshot.Progress {
        if stage.refusal != nil { return .refused }
        if stage.receipt != nil {
            let isProved = !stage.isOpen || state.stages.contains { $0.state.proves(name) }
            return isProved ? .done : .accepted
        }
        if stage.isAnswered { return .done }
        return stage.intent != nil || stage.spawned != nil || stage.lastAttempt != nil ? .begun : .ahead
    }
}
