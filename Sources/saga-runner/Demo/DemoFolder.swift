internal import Adapters
internal import Foundation

/// A folder of the demo's own: store, secrets, configuration, logs. It goes when all went well.
struct DemoFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "saga-runner-demo-" + Adapters.Hex.encode(try SecureRandom.bytes(6))
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file that only this user can read.
    func write(_ text: String, as name: String) throws -> String {
        let file = file(name)
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw CommandFailure(.failed, "cannot write \(file)") }
        return file
    }

    func remove() throws {
        try FileManager.default.removeItem(atPath: path)
    }
}
