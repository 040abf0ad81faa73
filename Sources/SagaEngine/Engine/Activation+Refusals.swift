/// What is sent because something was refused: nothing, while a notice says that it was not.
extension Activation {
    /// Nothing is sent that relies on a refusal while the store holds a notice that says the opposite, whether a turn
    /// has looked at that notice or not.
    ///
    /// A further key stands on the refusals before it, a flow that has gone on after a refusal on that, and whatever a
    /// saga does while it is taken out or called off on all. The store is asked, since a notice may have come at any
    /// moment after the saga was loaded.
    func checkRefusals(before stage: StageName) async throws {
        let isForward = state.mode == .forward
        let doubt = try await doubt { $0.name == stage || $0.refusal != nil || !isForward }
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
