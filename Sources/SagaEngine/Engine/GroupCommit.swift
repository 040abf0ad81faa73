/// Writes of all sagas in flight, committed together: the next batches gather while the last one syncs.
///
/// Nothing waits for a batch to fill: an idle store gets a batch of one at once, a busy one whatever has gathered. A
/// few batches are at the store at a time, which writes those that wait there in one transaction; so it has the next
/// one at hand when it has finished one, whatever else the sagas' thread is doing at that moment.
final class GroupCommit: Sendable {
    /// The most operations one transaction holds.
    static let batchLimit = 8_192
    /// How many batches are at the store at a time.
    static let batchesAtStore = 4
    /// How many sagas go on in one go, before what they have written is handed to the store.
    ///
    /// Were a whole batch to go on at once, all its sagas would write their next stages together too: the store would
    /// idle while they run, and they while it writes.
    static let cohort = 32

    private typealias Outcome = Result<StoreResult, StoreError>

    /// Operations and, in the same order, who waits for them.
    ///
    /// The continuations are unchecked ones: each is in exactly one batch, a batch is taken out of the queue once, and
    /// `run` resumes all of a batch on both of its ways out. Checking them costs an allocation for every write.
    private struct Batch: Sendable {
        var operations: [StoreOperation] = []
        var waiters: [UnsafeContinuation<Outcome, Never>] = []

        mutating func append(_ operation: StoreOperation, _ waiter: UnsafeContinuation<Outcome, Never>) {
            operations.append(operation)
            waiters.append(waiter)
        }

        /// Takes out the first ones, as many as one transaction holds.
        mutating func takeFirst() -> Batch {
            guard operations.count > GroupCommit.batchLimit else {
                defer { self = Batch() }
                return self
            }
            let first = Batch(
                operations: Array(operations.prefix(GroupCommit.batchLimit)),
                waiters: Array(waiters.prefix(GroupCommit.batchLimit)))
            operations.removeFirst(first.operations.count)
            waiters.removeFirst(first.waiters.count)
            return first
        }
    }

    private struct State {
        var queue = Batch()
        var idle: [CheckedContinuation<Void, Never>] = []
        /// Whether one of the idle has been called who has not come for the batch yet.
        var isCalled = false
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

    /// How many operations wait for the next batch.
    var gathered: Int { state.withLock { $0.queue.operations.count } }

    /// Writes one operation with whatever else is being written; returns once it is durable.
    func commit(_ operation: StoreOperation) async throws(StoreError) -> StoreResult {
        let outcome = await withUnsafeContinuation { (done: UnsafeContinuation<Outcome, Never>) in
            let (idle, closed) = state.withLock { state -> (CheckedContinuation<Void, Never>?, Bool) in
                if state.isClosed { return (nil, true) }
                state.queue.append(operation, done)
                if state.isCalled { return (nil, false) }
                let idle = state.idle.popLast()
                state.isCalled = idle != nil
                return (idle, false)
            }
            if closed { done.resume(returning: .failure(StoreError(.unavailable, "the runner is shutting down"))) }
            idle?.resume()
        }
        return try outcome.get()
    }

    /// Commits batches until closed and empty.
    func run() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<Self.batchesAtStore { group.addTask { await self.carry() } }
        }
    }

    /// Takes one batch after the other to the store, and its results back.
    private func carry() async {
        while let batch = await next() {
            let started = store.clock.now()
            do {
                let results = try await store.commit(batch.operations, under: lease)
                precondition(results.count == batch.waiters.count, "a store answers every operation")
                events.record(
                    .committed(
                        operations: results.count, latency: store.clock.now() - started,
                        wrote: results.contains(where: \.hasWritten)))
                if zip(batch.operations, results).contains(where: { $0.mayReadySaga(given: $1) }) { onReady() }
                for (place, waiter) in batch.waiters.enumerated() {
                    if place > 0, place.isMultiple(of: Self.cohort) { await Task.yield() }
                    waiter.resume(returning: .success(results[place]))
                }
            } catch {
                events.record(.storeFailed(error))
                // The batch may be durable all the same, and who tries again then learns that it was there already.
                onReady()
                for waiter in batch.waiters { waiter.resume(returning: .failure(error)) }
            }
        }
    }

    /// Lets what is queued be written, then ends `run`.
    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for waiter in idle { waiter.resume() }
    }

    private func next() async -> Batch? {
        while true {
            let (batch, closed) = state.withLock { state in
                state.isCalled = false
                return (state.queue.takeFirst(), state.isClosed)
            }
            if !batch.operations.isEmpty { return batch }
            if closed { return nil }
            await withCheckedContinuation { idle in
                let ready = state.withLock { state -> Bool in
                    if !state.queue.operations.isEmpty || state.isClosed { return true }
                    state.idle.append(idle)
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

extension StoreResult {
    /// Whether the operation changed anything in the store.
    fileprivate var hasWritten: Bool {
        switch self {
        case .submitted, .appended, .noticed, .leased, .done: true
        case .claimed(let claims): !claims.isEmpty
        case .exists, .fenced, .stale, .busy, .violated, .duplicate, .full, .missing: false
        }
    }
}
