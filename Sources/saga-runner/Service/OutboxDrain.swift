internal import Adapters
internal import Foundation
internal import SagaEngine
internal import SettlementFlows

/// Writes notices to people from the books into a file, line by line, for whoever sends them; it holds nothing up.
///
/// Each line has its number. After a crash the last ones may stand there twice: readers skip numbers they have seen.
struct OutboxDrain: Sendable {
    private static let note = "outbox.drained"
    private static let page = 500
    /// A busy store commits a thousand times a second; the file is written once in this time at most.
    private static let pause = Span.milliseconds(500)

    let path: String
    let store: any ServiceStore
    let notes: ServiceNotes
    let bell: ServiceBell
    let logger: Logger

    /// Drains whenever something was committed, until the task is cancelled; what is there then is written, too.
    func run() async {
        let file = OutboxFile(path: path)
        while !Task.isCancelled {
            await drain(into: file)
            await bell.wait()
            guard !Task.isCancelled else { break }
            await store.clock.sleep(until: store.clock.now() + Self.pause)
        }
        await drain(into: file)
    }

    private func drain(into file: OutboxFile) async {
        do {
            var last = Int64(try await notes.note(Self.note) ?? "0") ?? 0
            while true {
                let lines = try await store.bookLines(of: OutboxHandler.log, after: last, limit: Self.page)
                guard let end = lines.last else { return }
                try await file.append(lines.map(Self.line).joined())
                last = end.number
                try await notes.set(Self.note, to: "\(last)")
                guard lines.count == Self.page else { return }
            }
        } catch {
            logger.log("outbox.failed", .error, ["detail": "\(error)"])
        }
    }

    private static func line(_ line: BookLine) -> String {
        let head = #"{"number":\#(line.number),"at":"\#(line.cause.at.rfc3339)","notice":"#
        return head + String(decoding: line.body, as: UTF8.self) + "}\n"
    }
}

/// The outbox's file, written on a thread of its own and synced before anything is taken as written.
actor OutboxFile {
    private let executor = ThreadExecutor(name: "outbox")
    private let path: String

    init(path: String) {
        self.path = path
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Appends text, durably.
    func append(_ text: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw FileError(path: path, operation: .open, number: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(path: path, operation: .open, number: EINVAL)
        }
        var text = text
        var failure: Int32 = 0
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty && failure == 0 {
                let written = write(descriptor, rest.baseAddress, rest.count)
                if written >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                } else if errno != EINTR {
                    failure = errno
                }
            }
        }
        guard failure == 0, fsync(descriptor) == 0 else {
            throw FileError(path: path, operation: .read, number: failure == 0 ? errno : failure)
        }
    }
}
