import Adapters
import Foundation
import SagaEngine

/// A daemon's log as lines to wait for: what happens is a signal, and no test sleeps.
final class LogPipe: Sendable {
    let logger: Logger
    private let lines: AsyncStream<JSONValue>

    init(level: LogLevel = .debug) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw POSIXError(.EPIPE) }
        let (reading, writing) = (ends[0], ends[1])
        // The logger may outlive this: closing its end here would let it write into whatever file comes next.
        logger = Logger(level: level, format: .json, clock: SystemClock(), descriptor: writing, owning: true)
        let (lines, continuation) = AsyncStream<JSONValue>.makeStream()
        self.lines = lines
        Thread { Self.read(reading, into: continuation) }.start()
    }

    /// Waits for the nth line that matches.
    func wait(for event: String, times: Int = 1, where matches: (JSONValue) -> Bool = { _ in true }) async {
        var left = times
        for await line in lines where line["event"]?.stringValue == event && matches(line) {
            left -= 1
            if left == 0 { return }
        }
    }

    /// The next lines, as many as asked for.
    func next(_ count: Int) async -> [JSONValue] {
        var next: [JSONValue] = []
        for await line in lines {
            next.append(line)
            if next.count == count { break }
        }
        return next
    }

    private static func read(_ descriptor: Int32, into lines: AsyncStream<JSONValue>.Continuation) {
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            rest += buffer.prefix(count)
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                do { lines.yield(try JSONValue.parse(Array(rest[..<end]))) } catch { print("no log line: \(error)") }
                rest.removeSubrange(...end)
            }
        }
        close(descriptor)
        lines.finish()
    }
}
