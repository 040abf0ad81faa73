internal import SagaEngine

/// Gathers records that are delivered at the same time into one request: the next batch fills while one is in flight.
///
/// It has no task of its own: whoever finds nobody sending sends, and hands the lead on to the first who waits.
final class RecordBatches: Sendable {
    /// The most records that may wait.
    static let waitingLimit = 10_000

    private let state = Locked(State())
    private let limit: Int
    private let send: @Sendable ([UInt8]) async -> SandboxExchange

    private struct State {
        var isSending = false
        var waiting: [Waiter] = []
    }

    /// What became of one record.
    struct Outcome: Sendable {
        let exchange: SandboxExchange
        /// Whether it went with another record, which stands for the call.
        let isShared: Bool
    }

    private struct Waiter {
        var request: WireRequest
        var wake: CheckedContinuation<Turn, Never>
    }

    private enum Turn: Sendable {
        case lead
        case done(Outcome)
    }

    /// Batches of at most `limit` records, sent by `send`.
    init(
        limit: Int = SandboxDialect.batchLimit, send: @escaping @Sendable ([UInt8]) async -> SandboxExchange
    ) {
        self.limit = limit
        self.send = send
    }

    /// How many records wait for a batch.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Delivers a record with whatever else is waiting, and answers for this one alone.
    func deliver(_ request: WireRequest) async -> Outcome {
        switch await turn(request) {
        case .done(let outcome): outcome
        case .lead: Outcome(exchange: await lead(request), isShared: false)
        }
    }

    private func turn(_ request: WireRequest) async -> Turn {
        await withCheckedContinuation { continuation in
            let turn = state.withLock { state -> Turn? in
                if !state.isSending {
                    state.isSending = true
                    return .lead
                }
                guard state.waiting.count < Self.waitingLimit else {
                    let overloaded = SandboxExchange.notSent(code: "overloaded", latency: .zero)
                    return .done(Outcome(exchange: overloaded, isShared: false))
                }
                state.waiting.append(Waiter(request: request, wake: continuation))
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    private func lead(_ request: WireRequest) async -> SandboxExchange {
        let others = state.withLock { state in
            let batch = Array(state.waiting.prefix(limit - 1))
            state.waiting.removeFirst(batch.count)
            return batch
        }
        let requests = [request] + others.map(\.request)
        let answer = await send(SandboxDialect.batch(requests.map(\.body)))
        let outcomes = SandboxDialect.outcomes(of: answer, for: requests.map(\.reference))
        for (waiter, outcome) in zip(others, outcomes.dropFirst()) {
            waiter.wake.resume(returning: .done(Outcome(exchange: outcome, isShared: true)))
        }
        let next = state.withLock { state in
            if state.waiting.isEmpty {
                state.isSending = false
                return nil as CheckedContinuation<Turn, Never>?
            }
            return state.waiting.removeFirst().wake
        }
        next?.resume(returning: .lead)
        return outcomes[0]
    }
}
