internal import Foundation
internal import SagaEngine

/// The file that the store has open, so that writing into one that has been removed or replaced is noticed.
///
/// The system lets a process go on writing into a file that has lost its name; all of it is gone when the process ends.
struct DatabaseFile {
    let path: String
    private let device: dev_t
    private let inode: ino_t

    /// Takes note of the file that has this name now.
    init(path: String) throws(StoreError) {
        guard let found = Self.find(path) else { throw Self.gone(path) }
        self.path = path
        device = found.st_dev
        inode = found.st_ino
    }

    /// Throws ``StoreError/Code/damaged`` when the name is another file's, or nobody's.
    func check() throws(StoreError) {
        guard let found = Self.find(path), found.st_dev == device, found.st_ino == inode else {
            throw Self.gone(path)
        }
    }

    /// Refuses what is no regular file before it is opened: a pipe or a device would hold up whoever opens it.
    static func refuseOther(_ path: String) throws(StoreError) {
        guard let status = find(path), status.st_mode & S_IFMT != S_IFREG else { return }
        throw StoreError(.misuse, "\(path) is no regular file: check the configured path")
    }

    /// Refuses a file that is not empty and no database, or shorter than it says; SQLite takes one that is shorter than
    /// its own header for an empty database. It is open for good: closing it would drop this process's locks on it.
    static func inspect(_ descriptor: Int32, at path: String) throws(StoreError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StoreError.failed(to: "look at", path) }
        guard status.st_size > 0 else { return }
        guard let header = DatabaseHeader(of: descriptor) else { throw none(path) }
        // What is missing may stand in the write-ahead log, as long as there is one.
        guard find(path + "-wal").map({ $0.st_size == 0 }) ?? true else { return }
        if let length = header.length, length > status.st_size { throw cutShort(path, Int64(status.st_size), length) }
    }

    /// Refuses a database that is shorter than it says, once all that its write-ahead log has is in it.
    static func checkLength(of connection: SQLiteConnection, at path: String) throws {
        _ = try connection.firstRow("PRAGMA wal_checkpoint(PASSIVE)") { $0.int64(0) }
        let pages = try connection.firstRow("PRAGMA page_count") { $0.int64(0) } ?? 0
        let size = try connection.firstRow("PRAGMA page_size") { $0.int64(0) } ?? 0
        guard let status = find(path) else { throw gone(path) }
        if status.st_size < pages * size { throw cutShort(path, Int64(status.st_size), pages * size) }
    }

    /// The error for a file that is no database.
    static func none(_ path: String) -> StoreError {
        StoreError(
            .misuse,
            "\(path) is no SQLite database, or its beginning is destroyed: check the configured path, or put a backup "
                + "back (docs/operating/restoring.md)")
    }

    private static func cutShort(_ path: String, _ size: Int64, _ due: Int64) -> StoreError {
        StoreError(
            .misuse,
            "\(path) has \(size) bytes of the \(due) that it says it has: it was cut short, so put a backup back "
                + "(docs/operating/restoring.md)")
    }

    private static func find(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    private static func gone(_ path: String) -> StoreError {
        StoreError(
            .damaged,
            "\(path) was removed or replaced while it was open, so nothing more is written: stop, and put it back")
    }
}

/// What the first bytes of an SQLite database say about the rest (sqlite.org/fileformat2.html, "the database header").
struct DatabaseHeader {
    private static let size = 100
    /// The bytes that the database has by its own account; `nil` when it does not say.
    let length: Int64?

    /// Reads the header of an open file; `nil` when it has none.
    init?(of descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: Self.size)
        guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count, bytes.starts(with: "SQLite format 3\0".utf8)
        else { return nil }
        func number(at start: Int, _ count: Int) -> Int64 {
            bytes[start..<(start + count)].reduce(0) { $0 << 8 | Int64($1) }
        }
        let page = number(at: 16, 2) == 1 ? 65_536 : number(at: 16, 2)
        let pages = number(at: 28, 4)
        // The count holds only if it was written with the last change.
        length = pages > 0 && number(at: 24, 4) == number(at: 92, 4) ? page * pages : nil
    }
}
