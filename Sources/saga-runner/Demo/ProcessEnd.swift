// Queues may be used from any thread; the module does not say so yet.
@preconcurrency internal import Dispatch
internal import Foundation
internal import SagaEngine

/// The end of a process. Waiting for it goes on in a cancelled task, so that nothing is left behind.
final class ProcessEnd: Sendable {
    private struct State {
        var status: Int32?
        var waiters: [Int: CheckedContinuation<Int32?, Never>] = [:]
        var next = 0
    }

    private let state = Locked(State())

    /// The exit status, once it has ended.
    var status: Int32? { state.withLock { $0.status } }

    /// It has ended.
    func came(_ status: Int32) {
        let waiters = state.withLock { state in
            state.status = status
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }

    /// The exit status, or nil when it has not ended in time.
    func wait(atMost seconds: TimeInterval) async -> Int32? {
        await withCheckedContinuation { continuation in
            let ticket = state.withLock { state -> Int? in
                guard state.status == nil else { return nil }
                state.next += 1
                state.waiters[state.next] = continuation
                return state.next
            }
            guard let ticket else { return continuation.resume(returning: status) }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
                let late = self.state.withLock { $0.waiters.removeValue(forKey: ticket) }
                late?.resume(returning: nil)
            }
        }
    }
}
