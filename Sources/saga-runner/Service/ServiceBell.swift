internal import SagaEngine

/// Wakes one waiter; a ring while nobody waits is not lost.
final class ServiceBell: Sendable {
    private struct State {
        var hasRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())

    /// Wakes the waiter, or the next one.
    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state.waiter = nil }
            if state.waiter == nil { state.hasRung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns at the next ring, or at once when one came since the last return; cancelling rings.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let hasRung = state.withLock { state -> Bool in
                    if state.hasRung || state.waiter != nil {
                        state.hasRung = false
                        return true
                    }
                    state.waiter = waiter
                    return false
                }
                if hasRung { waiter.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
