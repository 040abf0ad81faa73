internal import Foundation
public import SagaEngine

/// Writes one line for each event, on a thread of its own, so that a slow terminal or pipe holds nobody up.
///
/// When more than ``waitingLimit`` lines wait, new ones are dropped and counted.
public final class Logger: Sendable {
    /// How a line looks.
    public enum Format: String, Sendable, CaseIterable {
        /// People on a terminal, JSON otherwise.
        case auto
        /// One JSON object a line.
        case json
        /// Aligned text.
        case human
    }

    /// The most lines that wait to be written.
    public static let waitingLimit = 10_000

    private let level: LogLevel
    private let isHuman: Bool
    private let clock: any SagaClock
    private let lines: LogLines

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - level: the least weight that is written.
    ///   - format: how a line looks.
    ///   - clock: what tells the time of a line.
    ///   - descriptor: where it goes; standard error unless told otherwise.
    ///   - owning: whether the descriptor is closed once the last line is written.
    public init(
        level: LogLevel, format: Format, clock: any SagaClock, descriptor: Int32 = 2, owning: Bool = false
    ) {
        self.level = level
        self.clock = clock
        switch format {
        case .json: isHuman = false
        case .human: isHuman = true
        case .auto: isHuman = isatty(descriptor) == 1
        }
        let lines = LogLines(descriptor: descriptor)
        self.lines = lines
        NamedThread.start("log") {
            lines.writeUntilClosed()
            if owning { Foundation.close(descriptor) }
        }
    }

    deinit {
        lines.close()
    }

    /// Whether a line of this weight would be written; asked before an expensive one is built.
    public func writes(_ level: LogLevel) -> Bool { level >= self.level }

    /// How many lines were dropped since the start because writing was too slow.
    public var dropped: Int { lines.dropped }

    /// Writes a line.
    public func log(_ line: LogLine) {
        guard writes(line.level) else { return }
        let now = clock.now()
        lines.add(isHuman ? line.human(at: now) : line.json(at: now))
    }

    /// Writes a line from its parts.
    public func log(_ event: String, _ level: LogLevel, _ fields: KeyValuePairs<String, String> = [:]) {
        guard writes(level) else { return }
        log(LogLine(event, level, fields.map { .init($0.key, .string($0.value)) }))
    }

    /// Returns once everything logged so far is written, or a second has passed.
    public func flush() {
        lines.flush()
    }
}

/// The lines that wait to be written.
///
/// Unchecked: every access to what varies holds the condition's lock.
private final class LogLines: @unchecked Sendable {
    private let descriptor: Int32
    private let condition = NSCondition()
    private var waiting: [String] = []
    private var isClosed = false
    private var isWriting = false
    private var lost = 0

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    var dropped: Int { condition.withLock { lost } }

    func add(_ line: String) {
        condition.withLock {
            guard waiting.count < Logger.waitingLimit else {
                lost += 1
                return
            }
            waiting.append(line)
            condition.broadcast()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    func flush() {
        let end = Foundation.Date(timeIntervalSinceNow: 1)
        condition.withLock {
            while !waiting.isEmpty || isWriting {
                guard condition.wait(until: end) else { return }
            }
        }
    }

    func writeUntilClosed() {
        while let batch = next() {
            write(batch.joined(separator: "\n") + "\n")
            condition.withLock {
                isWriting = false
                condition.broadcast()
            }
        }
    }

    private func next() -> [String]? {
        condition.withLock {
            while waiting.isEmpty && !isClosed { condition.wait() }
            guard !waiting.isEmpty else { return nil }
            defer { waiting = [] }
            isWriting = true
            return waiting
        }
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if written > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                } else if errno != EINTR {
                    // Nobody takes log lines any more, and there is nobody else to tell.
                    return
                }
            }
        }
    }
}
