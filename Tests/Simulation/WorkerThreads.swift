import Foundation
import SagaEngine

/// Runs independent pieces of work on a few threads; a simulation occupies its thread whole.
enum WorkerThreads {
    /// Calls the body for each index and returns the results in the order of the indices.
    static func map<Value: Sendable>(
        _ count: Int, threads: Int = max(2, ProcessInfo.processInfo.activeProcessorCount),
        _ body: @escaping @Sendable (Int) -> Value
    ) async -> [Value] {
        let next = Locked(0)
        return await withTaskGroup(of: [(Int, Value)].self) { group in
            for _ in 0..<threads {
                group.addTask {
                    await withCheckedContinuation { done in
                        let thread = Thread {
                            var results: [(Int, Value)] = []
                            while true {
                                let index = next.withLock { next in
                                    defer { next += 1 }
                                    return next
                                }
                                guard index < count else { break }
                                results.append((index, body(index)))
                            }
                            done.resume(returning: results)
                        }
                        thread.stackSize = 16 << 20
                        thread.start()
                    }
                }
            }
            var all: [(Int, Value)] = []
            for await results in group { all += results }
            return all.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
