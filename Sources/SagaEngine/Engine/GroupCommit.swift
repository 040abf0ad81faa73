/// Writes of all sagas in flight, committed together: the next batch gathers while the last one syncs.
///
/// Nothing waits for a batch to fill: an idle store gets a batch of one at once, a busy one whatever has gathered.
final class GroupCommit: Sendable {
    /// The most operations one transaction holds.
    static let batchLimit = 8_192

    private typealias Outcome = Result<StoreResult, StoreError>

    private struct Pending: Sendable {
        let operation: StoreOperation
        let done: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var queue: [Pending] = []
        var idle: CheckedContinuation<Void, Never>?
        var isClosed = false
        var lease: Lease?
    }

    private let store: any SagaStore
    private let events: any EventSink
    private let onReady: @Sendable () -> Void
    private let state = Locked(State())

    /// `onReady` is called after each batch that may have made a saga ready.
    init(store: any SagaStore, events: any EventSink, onReady: @escaping @Sendable () -> Void) {
        self.store = store
        self.events = events
        self.onReady = onReady
    }

    /// The lease that batches are committed under.
    var lease: Lease? {
        get { state.withLock { $0.lease } }
        set { state.withLock { $0.lease = newValue } }
    }

    /// Writes one operation with whatever else is being written; returns once it is durable.
    func commit(_ operation: StoreOperation) async throws(StoreError) -> StoreResult {
        let outcome = await withCheckedContinuation { (done: CheckedContinuation<Outcome, Never>) in
            let (idle, closed) = state.withLock { state -> (CheckedContinuation<Void, Never>?, Bool) in
                if state.isClosed { return (nil, true) }
                state.queue.append(Pending(operation: operation, done: done))
                defer { state.idle = nil }
                return (state.idle, false)
            }
            if closed { done.resume(returning: .failure(StoreError(.unavailable, "the runner is shutting down"))) }
            idle?.resume()
        }
        return try outcome.get()
    }

    /// Commits batches until closed and empty.
    func run() async {
        while let batch = await next() {
            let started = store.clock.now()
            do {
                let results = try await store.commit(batch.map(\.operation), under: lease)
                precondition(results.count == batch.count, "a store answers every operation")
                events.record(.committed(operations: batch.count, latency: store.clock.now() - started))
                if zip(batch, results).contains(where: { $0.operation.mayReadySaga(given: $1) }) { onReady() }
                for (pending, result) in zip(batch, results) { pending.done.resume(returning: .success(result)) }
            } catch {
                events.record(.storeFailed(error))
                // The batch may be durable all the same, and who tries again then learns that it was there already.
                onReady()
                for pending in batch { pending.done.resume(returning: .failure(error)) }
            }
        }
    }

    /// Lets what is queued be written, then ends `run`.
    func close() {
        let idle = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isClosed = true
            defer { state.idle = nil }
            return state.idle
        }
        idle?.resume()
    }

    private func next() async -> [Pending]? {
        while true {
            let (batch, closed) = state.withLock { state -> ([Pending], Bool) in
                let batch = Array(state.queue.prefix(Self.batchLimit))
                state.queue.removeFirst(batch.count)
                return (batch, state.isClosed)
            }
            if !batch.isEmpty { return batch }
            if closed { return nil }
            await withCheckedContinuation { idle in
                let ready = state.withLock { state -> Bool in
                    if !state.queue.isEmpty || state.isClosed { return true }
                    state.idle = idle
                    return false
                }
                if ready { idle.resume() }
            }
        }
    }
}

extension StoreOperation {
    /// Whether a saga may have become ready because of this operation.
    fileprivate func mayReadySaga(given result: StoreResult) -> Bool {
        switch (self, result) {
        case (.submit, .submitted): true
        case (.notice, .noticed(_, _, let saga)), (.assign, .noticed(_, _, let saga)): saga != nil
        case (.append(let append), .appended): append.mayReadySaga
        case (.release, _): true
        case (.submit, _), (.notice, _), (.assign, _), (.append, _), (.claim, _), (.lease, _), (.print, _),
            (.reincarnate, _):
            false
        }
    }
}

extension Append {
    fileprivate var mayReadySaga: Bool {
        if spawn != nil { return true }
        return switch disposition {
        case .carryOn: false
        case .release, .end: true
        case .sleep(let wake): wake.at != nil
        }
    }
}
