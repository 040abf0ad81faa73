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
