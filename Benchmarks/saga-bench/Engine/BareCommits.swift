import Adapters
import SagaEngine

/// Commits of a single row each, one after the other and without an engine: what one commit takes here at least.
enum BareCommits {
    /// How long each took, in nanoseconds, in ascending order.
    static func times(_ count: Int, at place: BenchPlace) async throws -> [UInt64] {
        let store = try await BenchStore.open(at: place, tape: TransactionTape(keeps: false))
        let print = OperatorPrint(
            actor: "bench", role: "operator", action: "look", saga: nil, reason: "a row", version: nil,
            outcome: "done", detail: "")
        var times: [UInt64] = []
        for _ in 0..<count {
            let start = Machine.nanoseconds()
            _ = try await store.commit([.print(print)], under: nil)
            times.append(Machine.nanoseconds() - start)
        }
        await store.close()
        return times.sorted()
    }
}
