internal import Foundation
internal import SagaEngine

/// Keeps the anchor up with the chain, at most once a second and never in the way of a commit.
final class AnchorKeeper: Sendable {
    private struct State {
        var pending: AuditHead?
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
    func check(_ head: AuditHead, sealOf number: (Int64) throws -> ChainLink?) throws {
        guard let anchor = try AuditAnchor.read(from: path) else {
            guard head.number == 0 else {
                throw StoreError(
                    .misuse,
                    "the anchor \(path) is missing, so nothing tells whether the database (seal \(head.number)) is the "
                        + "newest: put the anchor back, or run with --after-restore")
            }
            return try replace(by: head)
        }
        guard anchor.store == head.store else {
            throw StoreError(
                .misuse, "the anchor \(path) is of another store (\(anchor.store)): check the configured paths")
        }
        guard anchor.seal <= head.number else {
            throw StoreError(
                .misuse,
                "the database is older than its anchor (seal \(head.number), anchored \(anchor.seal)): "
                    + "if it was restored from a backup, run with --after-restore")
        }
        let link = anchor.seal == 0 ? AuditHead.origin : try number(anchor.seal)
        guard link?.description == anchor.link else {
            throw StoreError(
                .misuse,
                "seal \(anchor.seal) is not the one that was anchored: the history differs from the one that was kept; "
                    + "run `audit verify`")
        }
    }

    /// Writes an anchor at once.
    func replace(by head: AuditHead) throws(StoreError) {
        try AuditAnchor(head).write(to: path)
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
        let head = state.withLock { state in
            defer { state.pending = nil }
            return state.pending
        }
        guard let head else { return }
        do {
            try AuditAnchor(head).write(to: path)
            state.withLock { $0.failure = nil }
        } catch {
            state.withLock { $0.failure = error }
        }
    }
}
