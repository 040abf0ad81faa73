internal import Synchronization

/// Numbers requests: enough to tell them apart within one server's life.
final class RequestCounter: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> String {
        "req-\(last.add(1, ordering: .relaxed).newValue)"
    }
}
