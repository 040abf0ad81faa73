package import SagaEngine

/// Has gates visit their board exactly when somebody waits for it, so that tests need no clock for that.
package enum GateVisits {
    /// Does something at a gate, which visits its board as often as that waits for it.
    package static func made<Value: Sendable>(
        by gate: Gate, _ body: @escaping @Sendable () async -> Value
    ) async -> Value {
        let isDone = Locked(false)
        return await withTaskGroup(of: Value?.self) { group in
            group.addTask {
                defer { isDone.withLock { $0 = true } }
                return await body()
            }
            group.addTask {
                while !isDone.withLock({ $0 }) {
                    if gate.isVisitWanted { await gate.visit() } else { await Task.yield() }
                }
                return nil
            }
            var value: Value?
            for await result in group { value = result ?? value }
            guard let value else { preconditionFailure("the first task has a value") }
            return value
        }
    }

    /// Reserves room as an activation does.
    package static func reserve(_ exposure: Exposure, at gate: Gate) async -> Admission {
        let first = gate.reserve(exposure)
        guard case .later = first, await made(by: gate, { await gate.makeRoom(for: exposure) }) else { return first }
        return gate.reserve(exposure)
    }
}
