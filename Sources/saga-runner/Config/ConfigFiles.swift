internal import Foundation
internal import SagaEngine

/// The files that a configuration names: each is a regular one, and what the daemon writes is nothing else besides.
///
/// An outbox that is the database by another name would be appended to it. Names are therefore compared by what they
/// come to: past `..` and symbolic links, and by the file itself where there is one.
final class ConfigFiles {
    private enum Use { case read, written }

    private struct File {
        let key: String
        let path: String
        let use: Use
        /// The folder's real path and the name, or the real path of what is there.
        let real: String
        let identity: Identity?
    }

    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    private var files: [File] = []

    /// A file that is only read.
    func reads(_ path: String, _ key: String) { add(path, key, .read) }

    /// A file that is written.
    func writes(_ path: String, _ key: String) { add(path, key, .written) }

    private func add(_ path: String, _ key: String, _ use: Use) {
        var status = stat()
        let exists = stat(path, &status) == 0
        let identity = exists ? Identity(device: status.st_dev, inode: status.st_ino) : nil
        files.append(File(key: key, path: path, use: use, real: Self.real(path), identity: identity))
    }

    /// Names each file that is no regular one, and each written one that is another, too.
    func check(_ mistakes: ConfigMistakes) {
        for (index, file) in files.enumerated() where file.use == .written {
            if let kind = Self.otherKind(at: file.path) {
                mistakes.add(file.key, "\(file.path) is \(kind)", "name a regular file, or one that is not there yet")
                continue
            }
            for (place, other) in files.enumerated() where place != index && other.key != file.key {
                // Of two that are written the later one is named.
                if other.use == .written && place > index { continue }
                guard Self.isSame(file, other) else { continue }
                mistakes.add(
                    file.key, "\(file.path) is \(other.key), too (\(other.path))", "name a file of its own for it")
                break
            }
        }
    }

    /// What stands under a path when it is no regular file; `nil` when it is one, or nothing.
    static func otherKind(at path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: "a folder"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }

    private static func isSame(_ left: File, _ right: File) -> Bool {
        if let one = left.identity, let other = right.identity, one == other { return true }
        return left.real.isSameBytes(as: right.real)
    }

    /// Where a path leads; of one that is not there, where its folder leads.
    private static func real(_ path: String) -> String {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        // A link to nothing is made by whoever writes through it.
        if let target = link(at: path) { return real(ConfigPath.resolve(target, beside: path)) }
        guard let slash = path.lastIndex(of: "/") else { return real(".") + "/" + path }
        let name = path[path.index(after: slash)...]
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        // The folder of a path without one is its own answer, so that this ends.
        guard let real = realpath(folder, nil) else { return path }
        defer { free(real) }
        return "\(String(cString: real))/\(name)"
    }

    private static func link(at path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.bindMemory(to: CChar.self).baseAddress.map { readlink(path, $0, bytes.count) } ?? -1
        }
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
