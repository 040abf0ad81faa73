internal import SagaEngine

/// Journals of sagas that this process has read or written, so that one which is taken up again is not read back whole.
///
/// It is a guess, like all that is remembered beside the database: another runner may have gone on with the saga, and
/// a commit whose answer was lost may not be known here. So a journal counts only where its last link is the one that
/// the saga's row holds when it is taken up; a link is made from the saga's beginning and everything since.
final class JournalMemory: Sendable {
    /// What is remembered of one saga.
    struct Recollection: Sendable {
        /// The saga as it once was. What never changes of it is still so: id, flow, input, parent and its place there.
        let row: SagaRow
        /// Its journal from the first entry on.
        fileprivate(set) var journal: [JournalEntry]

        /// The last link of what is remembered.
        var head: ChainLink { journal.last?.link ?? row.head }

        /// The saga as it is now.
        func row(_ standing: Standing, wakeAt: Timestamp?, openChildren: Int, updatedAt: Timestamp) -> SagaRow {
            SagaRow(
                number: row.number, id: row.id, flow: row.flow, input: row.input, parent: row.parent,
                origin: row.origin, sequence: journal.count, head: head, standing: standing, wakeAt: wakeAt,
                openChildren: openChildren, output: nil, createdAt: row.createdAt, updatedAt: updatedAt)
        }
    }

    /// How many bytes of journals and inputs one process remembers, unless it is told otherwise.
    static let usualLimit = 32 << 20
    /// What a saga or an entry takes beside its bytes.
    static let overhead = 160

    /// A saga's place in the memory; it belongs to whoever holds the lock.
    private final class Slot {
        var recollection: Recollection
        var byteCount: Int

        init(_ recollection: Recollection) {
            self.recollection = recollection
            byteCount = recollection.journal.reduce(JournalMemory.overhead + recollection.row.input.count) {
                $0 + Self.size(of: $1)
            }
        }

        /// Takes an entry that was written; `false` when it is not the next one.
        func extend(by entry: JournalEntry) -> Bool {
            guard entry.sequence == recollection.journal.count + 1 else { return false }
            recollection.journal.append(entry)
            byteCount += Self.size(of: entry)
            return true
        }

        private static func size(of entry: JournalEntry) -> Int { JournalMemory.overhead + entry.body.count }
    }

    /// The newer and the older half: when the newer one is full the older one is forgotten and it takes its place, and
    /// what is asked for in the older one moves to the newer one.
    private struct State {
        let half: Int
        private var newer: [SagaNumber: Slot] = [:]
        private var newerBytes = 0
        private var older: [SagaNumber: Slot] = [:]

        init(half: Int) {
            self.half = half
        }

        /// Lends a saga's slot to be read or changed; the saga is forgotten where `body` says so.
        mutating func touch(_ saga: SagaNumber, _ body: (Slot) -> Bool) {
            if let slot = newer[saga] {
                let before = slot.byteCount
                let isKept = body(slot)
                newerBytes += slot.byteCount - before
                if !isKept || newerBytes > half { readd(slot, saga, isKept) }
            } else if let slot = older[saga] {
                readd(slot, saga, body(slot))
            }
        }

        private mutating func readd(_ slot: Slot, _ saga: SagaNumber, _ isKept: Bool) {
            forget(saga)
            if isKept { add(slot, saga) }
        }

        /// One that would take the room of all others is not worth it.
        mutating func add(_ slot: Slot, _ saga: SagaNumber) {
            guard slot.byteCount <= half else { return }
            if newerBytes + slot.byteCount > half {
                older = newer
                newer = [:]
                newerBytes = 0
            }
            newer[saga] = slot
            newerBytes += slot.byteCount
        }

        mutating func forget(_ saga: SagaNumber) {
            older[saga] = nil
            if let slot = newer.removeValue(forKey: saga) { newerBytes -= slot.byteCount }
        }
    }

    private let state: Locked<State>

    /// Makes an empty memory.
    ///
    /// - Parameter limit: How many bytes it may hold.
    init(limit: Int = usualLimit) {
        state = Locked(State(half: limit / 2))
    }

    /// What is remembered of sagas.
    func recall(_ sagas: some Sequence<SagaNumber>) -> [SagaNumber: Recollection] {
        state.withLock { state in
            var found: [SagaNumber: Recollection] = [:]
            for saga in sagas {
                state.touch(saga) { slot in
                    found[saga] = slot.recollection
                    return true
                }
            }
            return found
        }
    }

    /// Remembers sagas as they were read, each with its whole journal.
    func remember(_ sagas: some Sequence<LoadedSaga>) {
        state.withLock { state in
            for saga in sagas where saga.row.sequence == saga.journal.count {
                state.forget(saga.claim.number)
                state.add(Slot(Recollection(row: saga.row, journal: saga.journal)), saga.claim.number)
            }
        }
    }

    /// Remembers sagas that were started, and have no journal yet.
    func begin(_ rows: some Sequence<SagaRow>) {
        state.withLock { state in
            for row in rows { state.add(Slot(Recollection(row: row, journal: [])), row.number) }
        }
    }

    /// Takes note of what a durable transaction has added to journals, in their order.
    func extend(by entries: some Sequence<(saga: SagaNumber, entry: JournalEntry)>) {
        state.withLock { state in
            for (saga, entry) in entries { state.touch(saga) { $0.extend(by: entry) } }
        }
    }

    /// Forgets sagas.
    func forget(_ sagas: some Sequence<SagaNumber>) {
        state.withLock { state in
            for saga in sagas { state.forget(saga) }
        }
    }

    /// Forgets everything: the database is another one now, or an older copy of it.
    func forget() {
        state.withLock { $0 = State(half: $0.half) }
    }
}
