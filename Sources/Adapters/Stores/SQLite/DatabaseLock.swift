internal import Foundation
internal import SagaEngine

/// A lock on the database file itself: unlike the lock file it cannot be removed apart from what it keeps.
///
/// It is `flock(2)`, which on a local disk neither sees nor disturbs the `fcntl(2)` locks that SQLite takes on the same
/// file. But whoever closes any descriptor of a file drops its own process's `fcntl` locks on it, SQLite's too. So a
/// process has one such descriptor however many of its stores read the file, and lets it go after SQLite's own.
final class DatabaseLock: Sendable {
    /// With whom the file is shared.
    enum Mode: Sendable {
        case alone
        case withReaders

        /// What `flock(2)` is asked for.
        var operation: Int32 { (self == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB }
        /// How the file is opened for it.
        fileprivate var access: Int32 { self == .alone ? O_RDWR | O_CREAT : O_RDONLY }
    }

    private struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
        }
    }

    private struct Hold {
        let descriptor: Int32
        let mode: Mode
        var count = 1
    }

    /// What this process holds.
    private static let holds = Locked([Identity: Hold]())

    private let identity: Identity
    private let isHeld = Locked(true)

    private init(_ identity: Identity) {
        self.identity = identity
    }

    deinit { release() }

    /// Takes the lock at once or not at all; a file that is to be written is made when it is missing.
    static func take(_ path: String, _ mode: Mode) throws(StoreError) -> DatabaseLock {
        DatabaseLock(
            try holds.withLock { (holds) throws(StoreError) in try take(path, mode, beside: &holds) })
    }

    /// Gives the lock back. No connection of this process may have the file open any more.
    func release() {
        let wasHeld = isHeld.withLock { isHeld in
            defer { isHeld = false }
            return isHeld
        }
        guard wasHeld else { return }
        Self.holds.withLock { holds in
            guard var hold = holds[identity] else { return }
            hold.count -= 1
            holds[identity] = hold.count == 0 ? nil : hold
            if hold.count == 0 { close(hold.descriptor) }
        }
    }

    private static func take(
        _ path: String, _ mode: Mode, beside holds: inout [Identity: Hold]
    ) throws(StoreError) -> Identity {
        var status = stat()
        if stat(path, &status) == 0, var hold = holds[Identity(status)] {
            // It is not even opened: closing it again would drop the locks of the connections that have it open.
            guard mode == .withReaders, hold.mode == .withReaders else { throw held(path) }
            hold.count += 1
            holds[Identity(status)] = hold
            return Identity(status)
        }
        let descriptor = open(path, mode.access | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.failed(to: "open", path) }
        guard fstat(descriptor, &status) == 0, flock(descriptor, mode.operation) == 0 else {
            let error = errno == EWOULDBLOCK ? held(path) : StoreError.failed(to: "lock", path)
            close(descriptor)
            throw error
        }
        do throws(StoreError) {
            try DatabaseFile.inspect(descriptor, at: path)
        } catch {
            close(descriptor)
            throw error
        }
        holds[Identity(status)] = Hold(descriptor: descriptor, mode: mode)
        return Identity(status)
    }

    private static func held(_ path: String) -> StoreError {
        StoreError(
            .unavailable,
            "\(path) is held by a process that its lock file does not name (was that file removed?): find the process "
                + "with `fuser \(path)` and stop it")
    }
}
