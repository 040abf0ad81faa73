internal import Adapters
internal import Foundation
internal import SagaEngine
internal import SettlementFlows

/// Writes notices to people from the books into a file, line by line, for whoever sends them; it holds nothing up.
///
/// Of the processes that share a store one drains at a time, under a lease; the others look now and then whether it is
/// free. Each line has its number. After a crash, or when one takes over from another, the last ones may stand there
/// twice: readers skip numbers they have seen.
struct OutboxDrain: Sendable {
    /// What its lease is called.
    static let service = "outbox"
    /// How long nothing is drained after the one that drains has died.
    static let leaseLength = Span.seconds(30)
    /// The same where no other process can take it: it is prolonged once in a while, and ended at the next start.
    static let leaseLengthAlone = Span.hours(24)
    /// How often is looked without having been told: for lines of other processes, and whether the lease is free.
    private static let look = Span.seconds(10)
    /// A lease that ends within this time is prolonged: two looks may fail before it is lost.
    private static let reserve = Span.seconds(20)
    private static let note = "outbox.drained"
    private static let page = 500
    /// A busy store commits a thousand times a second; the file is written once in this time at most.
    private static let pause = Span.milliseconds(500)

    let path: String
    let books: any RecordedBooks
    let clock: any SagaClock
    let notes: ServiceNotes
    let lease: ServiceLease
    let bell: ServiceBell
    let logger: Logger

    /// Drains whenever something was committed, until the task is cancelled; what is there then is written, too.
    func run() async {
        let file = OutboxFile(path: path)
        async let ringing: Void = ringNowAndThen()
        var turn: ServiceLease.Turn?
        while !Task.isCancelled {
            turn = await drain(into: file, in: turn)
            await bell.wait()
            guard !Task.isCancelled else { break }
            await clock.sleep(until: clock.now() + Self.pause)
        }
        await giveBack(await drain(into: file, in: turn))
        await ringing
    }

    private func ringNowAndThen() async {
        while !Task.isCancelled {
            await clock.sleep(until: clock.now() + Self.look)
            bell.ring()
        }
    }

    /// Drains what is there, in a turn that is had or can be taken, and answers with the turn that is had afterwards.
    func drain(into file: OutboxFile, in turn: ServiceLease.Turn?) async -> ServiceLease.Turn? {
        var held = turn
        do {
            if held == nil { held = try await lease.take() }
            guard var turn = held else { return nil }
            defer { held = turn }
            // A lease that is about to end is prolonged before lines are read that another may write meanwhile.
            if turn.expires - clock.now() < Self.reserve { try await lease.prolong(&turn) }
            try await drain(into: file, &turn)
        } catch let lost as ServiceLease.Lost {
            logger.log("outbox.lost", .warning, ["detail": "\(lost)"])
            return nil
        } catch {
            logger.log("outbox.failed", .error, ["detail": "\(error)"])
        }
        return held
    }

    private func drain(into file: OutboxFile, _ turn: inout ServiceLease.Turn) async throws {
        var last = Int64(try await notes.note(Self.note) ?? "0") ?? 0
        while true {
            let lines = try await books.bookLines(of: OutboxHandler.log, after: last, limit: Self.page)
            guard let end = lines.last else { return }
            try await file.append(lines.map(Self.line).joined())
            last = end.number
            // In the turn alone: one that is over would move the note back.
            try await lease.perform(in: &turn) { try ServiceNotes.set(Self.note, to: "\(end.number)", in: $0) }
            guard lines.count == Self.page else { return }
        }
    }

    private func giveBack(_ turn: ServiceLease.Turn?) async {
        guard let turn else { return }
        do {
            try await lease.giveBack(turn)
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
