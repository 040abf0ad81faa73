internal import Adapters
internal import Foundation

/// One append-only file of lines. It is used by one thread at a time.
final class JournalFile {
    private let path: String
    private let descriptor: Int32

    /// Opens or creates a file.
    init(path: String) throws(SandboxError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .journal(path: path, operation: "open", number: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Reads every event, and cuts off a last line that a crash left without its end.
    func events() throws(SandboxError) -> [PartyEvent] {
        let bytes = try contents()
        var events: [PartyEvent] = []
        var start = 0
        var number = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            number += 1
            guard let event = PartyEvent(line: Array(bytes[start..<end])) else {
                throw .badLine(path: path, line: number)
            }
            events.append(event)
            start = end + 1
        }
        if start < bytes.count, ftruncate(descriptor, off_t(start)) != 0 {
            throw .journal(path: path, operation: "truncate", number: errno)
        }
        return events
    }

    /// Appends bytes and makes them durable.
    func append(_ bytes: [UInt8]) throws(SandboxError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .journal(path: path, operation: "write", number: errno) }
            written += count
        }
        guard fdatasync(descriptor) == 0 else { throw .journal(path: path, operation: "sync", number: errno) }
    }

    private func contents() throws(SandboxError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .journal(path: path, operation: "read", number: errno) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }
}
