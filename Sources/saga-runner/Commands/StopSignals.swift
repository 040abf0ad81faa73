// Dispatch sources may be used from any thread; the module does not say so yet.
@preconcurrency internal import Dispatch
internal import Foundation

/// The signals that ask a long-running command to stop.
enum StopSignals {
    /// SIGTERM and SIGINT as they come; from now on they do not end the process by themselves.
    static func first() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            let sources = [SIGTERM, SIGINT].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { continuation.yield(number) }
                source.resume()
                return source
            }
            continuation.onTermination = { _ in sources.forEach { $0.cancel() } }
        }
    }
}
