import Adapters
import Foundation
import SagaEngine
import SagaTestKit

/// Where a process writes what it acknowledges, at the moment it does: a file that the recorder marks.
final class PromiseSink: Sendable {
    private let descriptor: Int32
    private let clock: SimulatedClock
    private let reported = Locked<[CounterpartyName: Int]>([:])

    init(folder: String, clock: SimulatedClock) throws {
        descriptor = open("\(folder)/ack", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        self.clock = clock
    }

    deinit { close(descriptor) }

    /// Writes lines, each a kind and its fields, in one call.
    func say(_ lines: [[String]]) {
        guard !lines.isEmpty else { return }
        let moment = "\(clock.now().milliseconds)"
        let text = Array(lines.map { ([moment] + $0).joined(separator: "\t") + "\n" }.joined().utf8)
        precondition(write(descriptor, text, text.count) == text.count, "a promise could not be written down")
    }

    /// Writes what has happened at the counterparties since the last time; before anybody learns of it.
    func report(_ world: MockWorld) {
        reported.withLock { reported in
            for party in [CounterpartyName("custodian"), "blockchain", "bank"] {
                let journal = world.journal(of: party)
                let fresh = journal[(reported[party] ?? 0)...]
                say(fresh.map { ["event", party.rawValue, String(decoding: $0.line, as: UTF8.self)] })
                reported[party] = journal.count
            }
        }
    }
}
