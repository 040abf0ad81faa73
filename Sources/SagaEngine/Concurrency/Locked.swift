#if THREAD_SANITIZER
    internal import Glibc
#else
    internal import Synchronization
#endif

/// A value behind a lock.
///
/// Underneath is `Synchronization.Mutex`. ThreadSanitizer cannot see that lock on Linux and reports every use from two
/// threads as a race, which would hide the true ones; so a build for it (`-DTHREAD_SANITIZER`) takes a POSIX mutex.
///
/// `@unchecked Sendable`: the value is reached inside ``withLock(_:)`` alone.
package final class Locked<Value>: @unchecked Sendable {
    #if THREAD_SANITIZER
        private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private var value: Value

        package init(_ value: sending Value) {
            self.value = value
            pthread_mutex_init(lock, nil)
        }

        deinit {
            pthread_mutex_destroy(lock)
            lock.deallocate()
        }

        /// Calls the body alone with the value; the body must not wait, nor come back here.
        package func withLock<Result, Failure: Error>(
            _ body: (inout Value) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            return try body(&value)
        }
    #else
        private let lock = Mutex(())
        private var value: Value

        package init(_ value: sending Value) {
            self.value = value
        }

        /// Calls the body alone with the value; the body must not wait, nor come back here.
        package func withLock<Result, Failure: Error>(
            _ body: (inout Value) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            lock._unsafeLock()
            defer { lock._unsafeUnlock() }
            return try body(&value)
        }
    #endif
}
