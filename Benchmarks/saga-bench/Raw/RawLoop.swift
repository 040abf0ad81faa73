import Adapters
import SagaEngine

/// Commits recorded operations to a fresh store, one transaction after the other: what the store can do by itself.
enum RawLoop {
    @concurrent
    static func run(_ transactions: [StoreTransaction], stages: Int, at place: BenchPlace) async throws -> StageFigures
    {
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
