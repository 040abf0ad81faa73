import Adapters
import SagaEngine
import Synchronization

/// Keeps the notices that came in until a test takes them, and wakes the test that waits.
final class NoticeShelf: Sendable {
    private let notices = Mutex<[Notice]>([])
    let signal = WakeSignal()

    func put(_ notice: Notice) {
        notices.withLock { $0.append(notice) }
        signal.wake()
    }

    /// Takes the oldest final notice about a reference.
    func take(about reference: String) -> Notice? {
        notices.withLock { notices in
            let index = notices.firstIndex { notice in
                if case .progress = notice.claim.verdict { return false }
                return notice.claim.reference == reference
            }
            return index.map { notices.remove(at: $0) }
        }
    }

    func next(about reference: String) async -> Notice {
        while true {
            let seen = signal.version
            if let notice = take(about: reference) { return notice }
            await signal.wait(after: seen)
        }
    }
}
