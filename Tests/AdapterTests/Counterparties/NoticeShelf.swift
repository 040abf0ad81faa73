import Adapters
import SagaEngine

/// Keeps the notices that came in until a test takes them, and wakes the test that waits.
final class NoticeShelf: Sendable {
    private let notices = Locked<[Notice]>([])
    private let tally = Locked(Tally())
    let signal = WakeSignal()

    private struct Tally {
        var ids: [String] = []
        var refused = 0
        var chunked = 0
        var toRefuse = 0
    }

    /// The ids of the genuine callbacks that came in, in order, whether they were acknowledged or not.
    var ids: [String] { tally.withLock { $0.ids } }
    /// How many callbacks were refused for their signature.
    var refused: Int { tally.withLock { $0.refused } }
    /// How many came in chunks.
    var chunked: Int { tally.withLock { $0.chunked } }

    /// Lets the next callbacks go unacknowledged.
    func refuseNext(_ count: Int) { tally.withLock { $0.toRefuse = count } }

    func noteRefused() { tally.withLock { $0.refused += 1 } }

    /// Takes note of a genuine callback; answers whether it may be acknowledged.
    func admit(_ id: String, isChunked: Bool) -> Bool {
        tally.withLock { tally in
            tally.ids.append(id)
            if isChunked { tally.chunked += 1 }
            guard tally.toRefuse > 0 else { return true }
            tally.toRefuse -= 1
            return false
        }
    }

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
