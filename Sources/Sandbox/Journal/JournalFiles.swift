internal import Adapters
internal import Foundation
internal import SagaEngine

/// The journals on disk, one a counterparty; everything queued while one sync runs is made durable by the next.
actor JournalFiles {
    /// The events that are to be written, in order.
    final class Queue: Sendable {
        private let state = Locked((lines: [(party: CounterpartyName, line: [UInt8])](), ticket: UInt64(0)))

        /// Queues events; the ticket says up to where the journals must be durable.
        func add(_ events: [(party: CounterpartyName, event: PartyEvent)]) -> UInt64 {
            state.withLock { state in
                state.lines += events.map { ($0.party, $0.event.line + [UInt8(ascii: "\n")]) }
                state.ticket += UInt64(events.count)
                return state.ticket
            }
        }

        fileprivate func take() -> (lines: [(party: CounterpartyName, line: [UInt8])], ticket: UInt64) {
            state.withLock { state in
                defer { state.lines = [] }
                return state
            }
        }
    }

    private let executor = ThreadExecutor(name: "sandbox-journal")
    private let queue: Queue
    private let files: [CounterpartyName: JournalFile]
    private var synced: UInt64 = 0
    private var failure: SandboxError?

    /// The thread.
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the journals of some counterparties, and reads what they hold.
    static func open(
        _ directory: String, _ parties: [CounterpartyName], queue: Queue
    ) throws(SandboxError) -> (files: JournalFiles, events: [CounterpartyName: [PartyEvent]]) {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw .journal(path: directory, operation: "create", number: errno)
        }
        var files: [CounterpartyName: JournalFile] = [:]
        var events: [CounterpartyName: [PartyEvent]] = [:]
        for party in parties {
            let file = try JournalFile(path: "\(directory)/\(party).ndjson")
            events[party] = try file.events()
            files[party] = file
        }
        return (JournalFiles(queue: queue, files: files), events)
    }

    private init(queue: Queue, files: sending [CounterpartyName: JournalFile]) {
        self.queue = queue
        self.files = files
    }

    /// Makes everything up to a ticket durable; after a failure nothing is written any more, as the end is unknown.
    func sync(_ ticket: UInt64) throws(SandboxError) {
        if let failure { throw failure }
        guard synced < ticket else { return }
        let (lines, last) = queue.take()
        do {
            for (party, lines) in Dictionary(grouping: lines, by: \.party) {
                try files[party]?.append(lines.flatMap(\.line))
            }
        } catch {
            failure = error
            throw error
        }
        synced = last
    }
}
