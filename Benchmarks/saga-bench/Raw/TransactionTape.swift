import Adapters
import SagaEngine

/// The transactions that a store has committed, in order, to be committed again without an engine.
final class TransactionTape: Sendable {
    private struct State {
        var transactions: [StoreTransaction] = []
        var count = 0
        var operations = 0
    }

    private let state = Locked(State())
    private let keeps: Bool

    /// A tape that only counts unless it `keeps`.
    init(keeps: Bool) { self.keeps = keeps }

    func record(_ transaction: StoreTransaction) {
        state.withLock { state in
            state.count += 1
            state.operations += transaction.operations.count
            if keeps { state.transactions.append(transaction) }
        }
    }

    var count: Int { state.withLock { $0.count } }
    var operations: Int { state.withLock { $0.operations } }
    var transactions: [StoreTransaction] { state.withLock { $0.transactions } }

    /// The same operations in the same order, so many to a transaction; a new lease begins a new one, and so does what
    /// follows a claim where a store carries claims out after everything else in a batch.
    func regrouped(by size: Int, claimsLast: Bool = false) -> [StoreTransaction] {
        var regrouped: [StoreTransaction] = []
        var operations: [StoreOperation] = []
        var lease: Lease?
        func cut() {
            if !operations.isEmpty { regrouped.append(StoreTransaction(operations: operations, lease: lease)) }
            operations = []
        }
        for transaction in transactions {
            // Prolonging keeps the epoch: whoever has the old lease may go on writing under it.
            if let next = transaction.lease, next.epoch != lease?.epoch {
                cut()
                lease = next
            }
            for operation in transaction.operations {
                operations.append(operation)
                if case .claim = operation, claimsLast { cut() }
                if operations.count == size { cut() }
            }
        }
        cut()
        return regrouped
    }
}
