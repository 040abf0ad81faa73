import Foundation
import Synchronization

/// Whether a person wants the benchmark to end; what it started is then ended, too.
enum Interruption {
    private static let flag = Atomic<Bool>(false)

    static var hasCome: Bool { flag.load(ordering: .relaxed) }

    /// From now on SIGINT and SIGTERM are noted down instead of ending the process.
    static func watch() {
        _ = hasCome
        for number in [SIGINT, SIGTERM] { signal(number) { _ in Interruption.flag.store(true, ordering: .relaxed) } }
    }

    /// Throws once a signal has come.
    static func check() throws {
        if hasCome { throw BenchFailure("stopped by a signal") }
    }
}
