internal import Foundation

/// A value behind a lock.
///
/// It stands in for `Synchronization.Mutex`, whose lock ThreadSanitizer cannot see on Linux: it reports every use from two
/// threads as a race, which would hide the true ones. This one is a POSIX mutex underneath, which it does see.
///
/// `@unchecked Sendable`: the value is reached inside ``withLock(_:)`` alone.
package final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
    }

    /// Calls the body alone with the value; the body must not wait, nor come back here.
    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
