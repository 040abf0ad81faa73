internal import Foundation
internal import SagaEngine

/// Keeps the anchor up with the chain, at most once a second and never in the way of a commit.
final class AnchorKeeper: Sendable {
    private struct State {
        var pending: AuditHead?
        var life: Incarnation?
        /// Whether the anchor was written before the life was known.
        var lacksLife = false
        var isWriting = false
        var failure: StoreError?
    }

    private let path: String
    private let state = Locked(State())
    private let queue = DispatchQueue(label: "store-anchor")

    init(path: String) throws(StoreError) {
        self.path = path
        // A file that cannot be read must be noticed before anything is written.
        _ = try AuditAnchor.read(from: path)
    }

    /// Why the anchor could not be written the last time, or `nil` when it was.
    var failure: StoreError? { state.withLock { $0.failure } }

    /// Refuses a database that is older than the anchor, or another one; a new store gets its anchor here.
    func check(_ standing: AnchorStanding, of head: AuditHead) throws(StoreError) {
        if let complaint = standing.complaint { throw StoreError(.misuse, "\(complaint): \(standing.remedy)") }
        switch standing {
        case .missing: try replace(by: head)
        case .unanchored, .level, .older, .otherStore, .differs: return
        }
    }

    /// Writes an anchor at once.
    func replace(by head: AuditHead) throws(StoreError) {
        let life = state.withLock { state in
            state.lacksLife = state.life == nil
            return state.life
        }
        try AuditAnchor(head, life: life).write(to: path)
    }

    /// Takes note of the life that the data are in; what is written from now on says so.
    func entered(_ life: Incarnation) { state.withLock { $0.life = life } }

    /// The same, and says so at once in an anchor that was written before.
    func entered(_ life: Incarnation, at head: AuditHead) throws(StoreError) {
        entered(life)
        if state.withLock({ $0.lacksLife }) { try replace(by: head) }
    }

    /// Takes note of a newer head; it is written when a second has passed since the last one was.
    func note(_ head: AuditHead) {
        let starts = state.withLock { state in
            state.pending = head
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if starts { queue.async { self.writePending() } }
    }

    /// Writes what is pending.
    func stop() {
        queue.sync { write() }
    }

    private func writePending() {
        write()
        queue.asyncAfter(deadline: .now() + .seconds(1)) { [self] in
            let goesOn = state.withLock { state in
                state.isWriting = state.pending != nil
                return state.isWriting
            }
            if goesOn { writePending() }
        }
    }

    private func write() {
        let (head, life) = state.withLock { state in
            defer { state.pending = nil }
            return (state.pending, state.life)
        }
        guard let head else { return }
        do {
            try AuditAnchor(head, life: life).write(to: path)
            state.withLock { $0.failure = nil }
        } catch {
            state.withLock { $0.failure = error }
        }
    }
}
