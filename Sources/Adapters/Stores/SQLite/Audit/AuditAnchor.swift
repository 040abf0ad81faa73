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

    /// Anchors the end of a chain.
    public init(_ head: AuditHead, life: Int? = nil) {
        self.life = life
        store = head.store
        seal = head.number
        link = head.link.description
        at = head.at
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
