extension Gate {
    /// Turns a counterparty's switch and has that noted down where all runners read it.
    ///
    /// Off at once, and noted down; on only once it is noted down: when in doubt, no call goes out.
    ///
    /// - Parameters:
    ///   - counterparty: Whose switch.
    ///   - off: Whether no call goes through any more.
    ///   - why: Who did it, when and why.
    ///   - note: Notes it down, durably.
    /// - Throws: What kept it from being noted down; one that was thrown off stays off here.
    public func turn(
        _ counterparty: CounterpartyName, off: Bool, why: String, noting note: () async throws -> Void
    ) async throws {
        state.withLock { $0.touch.hands[counterparty, default: 0] += 1 }
        if off { setSwitch(counterparty, off: true, why: why) }
        do {
            try await note()
        } catch {
            state.withLock { state in
                state.touch.hands[counterparty, default: 1] -= 1
                if off { state.touch.offUnnoted.insert(counterparty) }
            }
            throw error
        }
        if !off { setSwitch(counterparty, off: false) }
        state.withLock { state in
            state.touch.hands[counterparty, default: 1] -= 1
            state.touch.offUnnoted.remove(counterparty)
            state.touch.touched[counterparty] = state.touch.visits
        }
    }
}
