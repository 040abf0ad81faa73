/// What is sent because something was refused: nothing, while a notice or the counterparty says that it was not.
extension Activation {
    /// Asks about every refusal that the sending relies on.
    ///
    /// A refusal is a word of the counterparty like any other. It may have come in a notice that was false, or have
    /// been taken back since: days may lie between a refusal and the `resume` that makes the next key of it, and again
    /// between that key's intent and its sending.
    func askAboutRefusals(before stage: StageName) async throws {
        guard state.hasRefusals else { return }
        for relied in state.stages where isRelied(on: relied, before: stage) {
            for (refusals, intent) in relied.refusedIntents.enumerated() {
                let key = IdempotencyKey(saga: id, stage: relied.name, refusals: refusals)
                try await confirmRefusal(of: intent, under: key, before: stage)
            }
        }
    }

    /// A further key stands on the refusals before it, a flow that has gone on after a refusal on that, and whatever a
    /// saga does while it is taken out or called off on all.
    private func isRelied(on relied: StageState, before stage: StageName) -> Bool {
        relied.name == stage || relied.refusal != nil || state.mode != .forward
    }

    /// What the counterparty does not know it has not carried out either: its refusal said so.
    private func confirmRefusal(
        of intent: IntentBody, under key: IdempotencyKey, before stage: StageName
    ) async throws {
        let name = try intent.header().to
        guard let party = engine.party(named: name) else {
            throw trouble(.illegal, stage, "no counterparty named \(name) is configured")
        }
        let request = try intent.request(as: key)
        switch try await call(stage, party, .find, request, nil, { await party.port.find(request) }) {
        case .refused, .absent: return
        case .notYetKnown(let failure, let exchange): throw try askLater(stage, party, failure, exchange)
        case .found(let receipt, _):
            throw trouble(
                .mismatch, stage,
                "\(name) has \(request.reference), which it refused, as \(receipt.state.rawValue) now; nothing is sent: "
                    + "clear it up with \(name), and resume once it has no effect there")
        }
    }

    /// Nothing is sent that relies on a refusal while the store holds a notice that says the opposite, whether a turn
    /// has looked at that notice or not. The store is asked, since a notice may have come at any moment after the saga
    /// was loaded.
    func checkRefusals(before stage: StageName) async throws {
        let doubt = try await doubt { isRelied(on: $0, before: stage) }
        if let doubt { throw trouble(over: doubt, stage, "nothing is sent") }
    }

    /// What may have been paid after all is not paid back.
    func checkRefusals(of stages: [StageName]) async throws {
        let doubt = try await doubt { stages.contains($0.name) }
        if let doubt { throw trouble(over: doubt, doubt.order, "it is not taken out") }
    }

    /// The first notice that says now that something is settled which the journal has as refused.
    private func doubt(about isMeant: (StageState) -> Bool) async throws -> Contradiction? {
        let references = try state.refusedReferences(of: isMeant)
        guard !references.isEmpty else { return nil }
        let found: [StoredNotice]
        do throws(StoreError) {
            found = try await engine.store.settlements(of: references, for: id, limit: 1)
        } catch {
            engine.reportStoreTrouble(error)
            throw end(.lost)
        }
        return try state.contradictions(among: found).first
    }

    private func trouble(over doubt: Contradiction, _ stage: StageName, _ consequence: String) -> Unwinding {
        let (number, source) = (doubt.notice.number, doubt.notice.notice.source)
        // One that came after the saga was loaded is put before people with the others.
        if doubt.notice.standing == .fresh, !notices.contains(where: { $0.number == number }) {
            notices.append(doubt.notice)
        }
        return trouble(
            .mismatch, stage,
            "notice \(number) of \(source) says that \(doubt.notice.notice.claim.reference), which it refused, is "
                + "settled; \(consequence): see what \(source)'s books have, bind notice \(number) once it has no effect "
                + "there, then resume",
            notice: number)
    }
}
