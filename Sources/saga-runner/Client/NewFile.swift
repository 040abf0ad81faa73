internal import Adapters
internal import Foundation

/// A file made anew for writing; closed when it is let go.
final class NewFile: Sendable {
    let output: OutputFile
    private let descriptor: Int32

    /// Makes the file, or empties the one that is there; only the owner may read it.
    init(path: String) throws(CommandFailure) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.failed, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        output = OutputFile(descriptor: descriptor)
    }

    /// Writes all of the bytes; the file stays open until that is done.
    func write(_ bytes: [UInt8]) async throws(OutputError) {
        try await output.write(bytes)
    }

    deinit { close(descriptor) }
}
