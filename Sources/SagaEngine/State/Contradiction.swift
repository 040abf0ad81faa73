/// A notice that says the opposite of what a saga's journal has as the end of the instruction it is about.
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
    /// earlier key, or that it has had its effect.
    private func order(contradictedBy notice: Notice) throws(CodecError) -> StageName? {
        for stage in stages {
            switch notice.claim.verdict {
            case .progress: return nil
            case .settled:
                for intent in stage.refusedIntents where try intent.isNamed(by: notice) { return stage.name }
            case .refused:
                guard let intent = stage.intent, stage.refusal == nil, isProved(stage.name) else { continue }
                if try intent.isNamed(by: notice) { return stage.name }
            }
        }
        return nil
    }

    /// Whether going on would send the stage's instruction under a key that only a refusal has made.
    func reliesOnRefusal(of order: StageName) -> Bool {
        let stage = self[order]
        return stage.refusal != nil || (stage.refusals > 0 && stage.intent == nil)
    }
}

extension StageState {
    /// The instructions of this stage that were refused, oldest first.
    fileprivate var refusedIntents: [IntentBody] {
        guard refusal != nil, let intent else { return formerIntents }
        return formerIntents + [intent]
    }
}

extension IntentBody {
    /// Whether a notice is about this very instruction.
    fileprivate func isNamed(by notice: Notice) throws(CodecError) -> Bool {
        let header = try header()
        return header.reference.isSameBytes(as: notice.claim.reference) && header.to == notice.source
    }
}
