/// Wakes one waiter; a ring while nobody waits is not lost.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())

    /// Wakes the waiter, or the next one.
    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter else {
                state.hasRung = true
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns at the next ring, or at once when one came since the last return. Cancelling rings.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let rung = state.withLock { state -> Bool in
                    precondition(state.waiter == nil, "a bell has one waiter")
                    guard !state.hasRung else {
                        state.hasRung = false
                        return true
                    }
                    state.waiter = waiter
                    return false
                }
                if rung { waiter.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
