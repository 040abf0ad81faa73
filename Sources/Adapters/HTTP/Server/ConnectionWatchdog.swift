internal import CMicroHTTPD
internal import Foundation
internal import SagaEngine

/// Cuts connections whose absolute deadline has passed, however busy they look.
///
/// libmicrohttpd's own timeout counts from the last byte, so that one byte every two seconds holds a connection for
/// ever. This thread sleeps until the earliest deadline and shuts the socket down; libmicrohttpd then sees its end and
/// closes it. A descriptor is forgotten before libmicrohttpd closes it, and shut down under the same lock, so that a
/// reused number is never hit.
final class ConnectionWatchdog: Sendable {
    private struct State {
        var deadlines: [Int32: ContinuousClock.Instant] = [:]
        var wakesAt: ContinuousClock.Instant?
        var isStopping = false
    }

    private let state = Locked(State())
    private let wake: Int32

    init() throws(HTTPServerError) {
        wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wake >= 0 else { throw .notStarted }
        NamedThread.start("http-watchdog") { self.run() }
    }

    deinit {
        close(wake)
    }

    /// Sets, moves or with nil lifts the deadline of a descriptor.
    func watch(_ descriptor: Int32, until deadline: ContinuousClock.Instant?) {
        let mustWake = state.withLock { state in
            state.deadlines[descriptor] = deadline
            guard let deadline else { return false }
            return state.wakesAt.map { deadline < $0 } ?? true
        }
        if mustWake { eventfd_write(wake, 1) }
    }

    /// Ends the thread.
    func stop() {
        state.withLock { $0.isStopping = true }
        eventfd_write(wake, 1)
    }

    private func run() {
        while let pause = sweep() {
            var event = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
            poll(&event, 1, pause)
            var count: eventfd_t = 0
            eventfd_read(wake, &count)
        }
    }

    /// Cuts what is late; returns the milliseconds to sleep, -1 for no end, nil to stop.
    private func sweep() -> Int32? {
        state.withLock { state in
            guard !state.isStopping else { return nil }
            let now = ContinuousClock.now
            for (descriptor, deadline) in state.deadlines where deadline <= now {
                shutdown(descriptor, Int32(SHUT_RDWR))
                state.deadlines[descriptor] = nil
            }
            state.wakesAt = state.deadlines.values.min()
            return state.wakesAt.map { Int32(clamping: ($0 - now).milliseconds) } ?? -1
        }
    }
}
