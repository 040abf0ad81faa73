internal import Foundation
public import SagaEngine

/// The file beside a database that says which process holds it; the kernel frees it when the process ends, however.
///
/// It can be removed while it is held, so the database itself is locked with it: the file says who has it, and the
/// database decides who may.
public final class StoreLock: Sendable {
    /// Who holds a store.
    public struct Holder: Sendable, Equatable, Codable {
        /// The process.
        public let pid: Int32
        /// Since when.
        public let since: Timestamp
        /// Where it can be spoken to; empty when nowhere.
        public let address: String
    }

    private let path: String
    private let descriptor: Locked<Int32?>
    private let database: DatabaseLock

    private init(path: String, descriptor: Int32, database: DatabaseLock) {
        self.path = path
        self.descriptor = Locked(descriptor)
        self.database = database
    }

    deinit { release() }

    /// The lock file of a database.
    public static func path(for database: String) -> String { database + ".lock" }

    /// Who holds the database, or `nil` when nobody does.
    public static func holder(of database: String) throws(StoreError) -> Holder? {
        let path = path(for: database)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw StoreError.failed(to: "open", path)
        }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        return read(descriptor)
    }

    /// Takes the lock for writing; the database file is made when it is missing.
    static func take(for database: String, address: String, since now: Timestamp) throws(StoreError) -> StoreLock {
        let lock = try acquire(database, .alone)
        try lock.write(Holder(pid: getpid(), since: now, address: address))
        return lock
    }

    /// Takes the lock for reading, beside others who read.
    static func share(for database: String) throws(StoreError) -> StoreLock {
        guard access(database, F_OK) == 0 else {
            throw StoreError(.unavailable, "there is no database at \(database): check the configured path")
        }
        return try acquire(database, .withReaders)
    }

    /// Gives the lock back, once no connection has the database open.
    func release() {
        // The database first: whoever gets the lock file gets the database too.
        database.release()
        let held = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        if let held { close(held) }
    }

    private static func acquire(_ database: String, _ mode: DatabaseLock.Mode) throws(StoreError) -> StoreLock {
        let path = path(for: database)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.failed(to: "open", path) }
        guard flock(descriptor, mode.operation) == 0 else {
            // Before anything else is called, which would leave another error behind.
            let error =
                errno == EWOULDBLOCK ? held(database, by: read(descriptor)) : StoreError.failed(to: "lock", path)
            close(descriptor)
            throw error
        }
        do {
            return StoreLock(
                path: path, descriptor: descriptor, database: try DatabaseLock.take(database, mode))
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func held(_ database: String, by holder: Holder?) -> StoreError {
        let who = holder.map { "process \($0.pid)" } ?? "another process"
        return StoreError(.unavailable, "\(database) is held by \(who): stop it, or speak to it instead")
    }

    private func write(_ holder: Holder) throws(StoreError) {
        let text: [UInt8]
        do {
            text = try JournalEncoder().encode(holder)
        } catch {
            throw StoreError(.misuse, "the lock file's content cannot be written: \(error)")
        }
        let isWritten = descriptor.withLock { descriptor in
            guard let descriptor, ftruncate(descriptor, 0) == 0 else { return false }
            return pwrite(descriptor, text, text.count, 0) == text.count
        }
        guard isWritten else { throw StoreError.failed(to: "write", path) }
    }

    private static func read(_ descriptor: Int32) -> Holder? {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        do {
            return try JournalDecoder().decode(Holder.self, from: Array(bytes.prefix(count)))
        } catch {
            // A holder that is only just writing its name is a holder all the same.
            return nil
        }
    }
}
