/// A notice that says the opposite of what a saga's journal has as the end of the instruction it is about, or states
/// other facts of it.
struct Contradiction: Sendable {
    let notice: StoredNotice
    /// The stage that sent the instruction.
    let order: StageName
}

extension SagaState {
    /// The notices that contradict the journal, in their own order.
    func contradictions(among notices: [StoredNotice]) throws(CodecError) -> [Contradiction] {
        var found: [Contradiction] = []
        for notice in notices {
            guard let order = try order(contradictedBy: notice.notice) else { continue }
            found.append(Contradiction(notice: notice, order: order))
        }
        return found
    }

    /// The stage of which the journal knows the opposite of what a notice says: that it was refused, also under an
    /// earlier key, or that it has had its effect; or that this was another one than the notice states.
    private func order(contradictedBy notice: Notice) throws(CodecError) -> StageName? {
        for stage in stages {
            switch notice.claim.verdict {
            case .progress: return nil
            case .settled:
                for intent in stage.refusedIntents where try intent.isNamed(by: notice) { return stage.name }
                guard let intent = stage.intent, stage.refusal == nil, let facts = provedFacts(of: stage.name),
                    notice.claim.facts.contradict(facts)
                else { continue }
                if try intent.isNamed(by: notice) { return stage.name }
            case .refused:
                guard let intent = stage.intent, stage.refusal == nil, isProved(stage.name) else { continue }
                if try intent.isNamed(by: notice) { return stage.name }
            }
        }
        return nil
    }

    /// The facts with which another stage holds the proof that this one's instruction has had its effect.
    private func provedFacts(of order: StageName) -> Facts? {
        for stage in stages {
            if let notice = stage.notice, notice.order == order { return notice.facts }
            if let found = stage.found, found.order == order { return found.receipt.facts }
            if let resolved = stage.resolved, resolved.order == order { return resolved.facts }
        }
        return nil
    }

    /// Whether going on may send the stage's instruction under a key that only a refusal has made.
    ///
    /// That the key's intent is written down does not change that: nothing says that it was ever sent, until the
    /// counterparty says that it has it.
    func reliesOnRefusal(of order: StageName) -> Bool {
        let stage = self[order]
        return stage.refusal != nil || (stage.refusals > 0 && stage.receipt == nil)
    }

    /// The instructions of some stages that were refused, under whichever key, as their counterparties know them.
    func refusedReferences(of isMeant: (StageState) -> Bool) throws(CodecError) -> [SentReference] {
        guard hasRefusals else { return [] }
        var found: [SentReference] = []
        for stage in stages where isMeant(stage) {
            for intent in stage.refusedIntents { found.append(try intent.sentReference()) }
        }
        return found
    }
}

extension SagaArchive {
    /// What the store holds now against a saga's refusals, what an action would rely on first; see ``ActionRules``.
    func doubts(about state: SagaState, of id: SagaID) async throws -> [Contradiction] {
        let relied = try state.refusedReferences { state.reliesOnRefusal(of: $0.name) }
        let others = try state.refusedReferences { !state.reliesOnRefusal(of: $0.name) }
        guard !relied.isEmpty || !others.isEmpty else { return [] }
        return try state.contradictions(among: try await settlements(of: relied + others, for: id, limit: 16))
    }
}

extension StageState {
    /// The instructions of this stage that were refused, oldest first.
    var refusedIntents: [IntentBody] {
        guard refusal != nil, let intent else { return formerIntents }
        return formerIntents + [intent]
    }
}

extension IntentBody {
    /// Whether a notice is about this very instruction.
    fileprivate func isNamed(by notice: Notice) throws(CodecError) -> Bool {
        try sentReference() == notice.reference
    }

    fileprivate func sentReference() throws(CodecError) -> SentReference {
        let header = try header()
        return SentReference(source: header.to, reference: header.reference)
    }
}
