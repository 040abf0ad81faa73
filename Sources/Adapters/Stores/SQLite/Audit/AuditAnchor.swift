internal import Foundation
public import SagaEngine

/// What a file outside the database remembers of the audit chain, so that an older or another database is noticed.
public struct AuditAnchor: Sendable, Equatable, Codable {
    /// The store's id.
    public let store: String
    /// The newest seal's number when this was written.
    public let seal: Int64
    /// That seal, in hexadecimal.
    public let link: String
    /// When it was sealed, by the store's clock.
    public let at: Timestamp
    /// The number of the life of the data that it stands in; `nil` where it is of no account, in a store that one
    /// process has alone.
    public let life: Int?
    /// When that life began; `nil` where it is of no account, or was not kept.
    public let lifeSince: Timestamp?

    /// Anchors the end of a chain.
    public init(_ head: AuditHead, life: Incarnation? = nil) {
        self.life = life?.number
        lifeSince = life?.since
        store = head.store
        seal = head.number
        link = head.link.description
        at = head.at
    }

    /// Whether the data have begun another life since, about which it says nothing.
    ///
    /// Of two copies that were put to use one after the other, each has given its new life the same number, so the one
    /// that began later is the newer one.
    ///
    /// - Parameter life: The life that the data are in.
    /// - Returns: Whether that is a later one than its own.
    func isOver(in life: Incarnation?) -> Bool {
        guard let life, let own = self.life else { return false }
        return life.number > own || lifeSince.map { life.since > $0 } ?? false
    }

    /// Reads an anchor; `nil` when there is no such file.
    public static func read(from path: String) throws(StoreError) -> AuditAnchor? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw failure("read", path)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw failure("read", path) }
        do {
            return try JournalDecoder().decode(AuditAnchor.self, from: Array(bytes.prefix(count)))
        } catch {
            throw StoreError(.corrupt, "the anchor \(path) cannot be read (\(error)): put the right file there")
        }
    }

    /// Puts this anchor into a file: whole or not at all, and durable.
    public func write(to path: String) throws(StoreError) {
        let text: [UInt8]
        do {
            text = try JournalEncoder().encode(self)
        } catch {
            throw StoreError(.misuse, "the anchor cannot be written: \(error)")
        }
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("write", draft) }
        let isWritten = pwrite(descriptor, text, text.count, 0) == text.count && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten else { throw Self.failure("write", draft) }
        guard rename(draft, path) == 0 else { throw Self.failure("write", path) }
        try Self.syncFolder(of: path)
    }

    private static func syncFolder(of path: String) throws(StoreError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        let isSynced = fsync(descriptor) == 0
        guard close(descriptor) == 0, isSynced else { throw failure("sync", folder) }
    }

    private static func failure(_ verb: String, _ path: String) -> StoreError {
        StoreError(.unavailable, "cannot \(verb) the anchor \(path): \(String(cString: strerror(errno)))")
    }
}
