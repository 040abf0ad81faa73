internal import Adapters
internal import Foundation

/// Work on blocking sockets, on threads of its own, never on the cooperative pool.
enum Threads {
    /// Spreads items over some threads, and answers with their results in order.
    static func map<Item: Sendable, Value: Sendable>(
        _ items: [Item], threads: Int, _ body: @escaping @Sendable (Item) throws -> Value
    ) async throws -> [Value] {
        let share = (items.count + threads - 1) / max(1, threads)
        return try await withThrowingTaskGroup(of: (Int, [Value]).self) { group in
            for start in stride(from: 0, to: items.count, by: max(1, share)) {
                let part = Array(items[start..<min(items.count, start + share)])
                group.addTask { (start, try await run { try part.map(body) }) }
            }
            var parts: [(Int, [Value])] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { waiter in
            let thread = Thread { waiter.resume(with: Result { try body() }) }
            thread.start()
        }
    }
}
