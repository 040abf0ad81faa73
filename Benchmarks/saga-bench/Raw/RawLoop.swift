import Adapters
import SagaEngine

/// Commits what was recorded to a fresh store, one transaction after the other: what the store can do by itself.
enum RawLoop {
    /// Runs the engine's own transactions, and the same in transactions of `size` operations.
    static func run(
        _ tape: TransactionTape, by size: Int, stages: Int, at place: BenchPlace
    ) async throws -> (own: StageFigures, fixed: StageFigures) {
        switch place {
        case .sqlite:
            return (
                try await run(tape.transactions, stages: stages, at: place),
                try await run(tape.regrouped(by: size), stages: stages, at: place)
            )
        case .postgres:
            return (
                try await run(tape.scripts, stages: stages, at: place),
                try await run(PostgresScript.merged(tape.scripts, to: size), stages: stages, at: place)
            )
        }
    }

    /// Sends the rows themselves: by the operations, claims of another moment would take sagas in another order.
    @concurrent
    private static func run(
        _ scripts: [PostgresScript], stages: Int, at place: BenchPlace
    ) async throws -> StageFigures {
        let store = try await BenchStore.open(at: place, tape: TransactionTape(keeps: false))
        let processor = Machine.processorNanoseconds()
        let time = try await PostgresReplay.run(scripts, in: try BenchStore.configuration(of: place))
        let busy = Double(Machine.processorNanoseconds() - processor) / 1e3
        let written = try await BenchStore.stages(in: store)
        await store.close()
        guard written == stages else { throw BenchFailure("the raw loop wrote \(written) stages, not \(stages)") }
        return StageFigures(
            stages: stages, seconds: time / .seconds(1), processorMicroseconds: busy, transactions: scripts.count,
            operations: scripts.reduce(0) { $0 + $1.operations })
    }

    @concurrent
    private static func run(
        _ transactions: [StoreTransaction], stages: Int, at place: BenchPlace
    ) async throws -> StageFigures {
        let tape = TransactionTape(keeps: false)
        let store = try await BenchStore.open(at: place, tape: tape)
        let meter = StageMeter()
        for transaction in transactions {
            _ = try await store.commit(transaction.operations, under: transaction.lease)
        }
        let figures = meter.read(stages: stages, tape: tape)
        let written = try await BenchStore.stages(in: store)
        await store.close()
        guard written == stages else { throw BenchFailure("the raw loop wrote \(written) stages, not \(stages)") }
        return figures
    }
}
