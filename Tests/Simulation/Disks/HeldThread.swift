import Dispatch
import SagaEngine

/// Waits for what happens outside a simulation on the simulation's own thread, which does nothing else meanwhile.
enum HeldThread {
    /// What a body comes to; the calling thread stands still until then.
    static func value<Value: Sendable>(
        _ body: @escaping @Sendable () async throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let answer = Locked<Result<Value, StoreError>?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        // Begun on another thread: a task that this one begins is taken for the simulation's.
        DispatchQueue.global().async {
            Task {
                do throws(StoreError) {
                    let value = try await body()
                    answer.withLock { $0 = .success(value) }
                } catch {
                    answer.withLock { $0 = .failure(error) }
                }
                isDone.signal()
            }
        }
        isDone.wait()
        guard let result = answer.withLock({ $0 }) else { preconditionFailure("it has signalled, so it has answered") }
        return try result.get()
    }
}
