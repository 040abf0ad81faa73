internal import Synchronization

/// Whether the task that waits for an exchange has been cancelled.
final class CancellationMark: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() {
        flag.store(true, ordering: .releasing)
    }
}
