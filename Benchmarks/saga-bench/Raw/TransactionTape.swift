import Adapters
import SagaEngine

/// The transactions that a store has committed, in order, to be committed again without an engine.
final class TransactionTape: Sendable {
    private struct State {
        var transactions: [StoreTransaction] = []
        var count = 0
        var operations = 0
        var scripts: [PostgresScript] = []
    }

    private let state = Locked(State())
    private let keeps: Bool
    private let isWritten: Bool

    /// A tape that only counts unless it `keeps`: operations, or what was written if it `isWritten`.
    init(keeps: Bool, isWritten: Bool = false) {
        self.keeps = keeps
        self.isWritten = isWritten
    }

    func record(_ transaction: StoreTransaction) {
        state.withLock { state in
            state.count += 1
            state.operations += transaction.operations.count
            if keeps, !isWritten { state.transactions.append(transaction) }
        }
    }

    /// Whether it takes what transactions wrote.
    var keepsScripts: Bool { keeps && isWritten }

    /// Takes what a transaction wrote.
    func record(_ script: PostgresScript) {
        state.withLock { $0.scripts.append(script) }
    }

    var count: Int { state.withLock { $0.count } }
    var operations: Int { state.withLock { $0.operations } }
    var transactions: [StoreTransaction] { state.withLock { $0.transactions } }
    /// What the transactions wrote; empty where the store does not tell.
    var scripts: [PostgresScript] { state.withLock { $0.scripts } }

    /// The same operations in the same order, so many to a transaction; a new lease begins a new one.
    func regrouped(by size: Int) -> [StoreTransaction] {
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
                if operations.count == size { cut() }
            }
        }
        cut()
        return regrouped
    }
}
