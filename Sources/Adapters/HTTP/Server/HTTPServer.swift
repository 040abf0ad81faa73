internal import CMicroHTTPD
internal import Foundation
internal import SagaEngine

/// An HTTP/1.1 server over libmicrohttpd whose handlers are async and hold none of its threads.
///
/// Its guards refuse what two parsers could read in two ways, and its limits hold however the peers behave: see
/// ``HTTPServerConfiguration``. What libmicrohttpd refuses by itself (a malformed request line or length) is answered
/// with its own plain page, without `X-Request-Id`.
///
/// `@unchecked Sendable`: `daemon` is used by the one thread that stops it, which the phase guards; the rest is
/// constant.
public final class HTTPServer: @unchecked Sendable {
    private enum Phase {
        case running
        case stopping([CheckedContinuation<Void, Never>])
        case stopped
    }

    /// The port it listens at.
    public let port: UInt16
    let core: ServerCore
    private let daemon: OpaquePointer
    private let phase = Locked(Phase.running)

    private init(port: UInt16, core: ServerCore, daemon: OpaquePointer) {
        self.port = port
        self.core = core
        self.daemon = daemon
    }

    /// Starts to listen and serve.
    ///
    /// - Throws: ``HTTPServerError`` if the address, a limit or the certificate is not usable.
    public static func start(
        _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(), router: Router
    ) throws(HTTPServerError) -> HTTPServer {
        try check(configuration)
        let listener = try ListenSocket(host: configuration.host, port: configuration.port)
        let core = try ServerCore(configuration, router: router)
        // Balanced in `finish`, after the last callback.
        let context = Unmanaged.passRetained(core)
        guard let daemon = ServerCallbacks.start(listener.descriptor, configuration, context.toOpaque()) else {
            core.watchdog.stop()
            context.release()
            close(listener.descriptor)
            throw .notStarted
        }
        return HTTPServer(port: listener.port, core: core, daemon: daemon)
    }

    /// Stops accepting, lets the requests under way finish, then ends; returns when all is closed.
    ///
    /// - Parameter time: how long they may take; past it their tasks are cancelled and they are answered with 503.
    public func stop(drainingFor time: Duration = .seconds(10)) async {
        await withCheckedContinuation { continuation in
            let isFirst = phase.withLock { phase in
                switch phase {
                case .running:
                    phase = .stopping([continuation])
                    return true
                case .stopping(let waiting):
                    phase = .stopping(waiting + [continuation])
                    return false
                case .stopped:
                    continuation.resume()
                    return false
                }
            }
            guard isFirst else { return }
            NamedThread.start("http-stop") { self.finish(time) }
        }
    }

    private func finish(_ time: Duration) {
        // Not by `MHD_quiesce_daemon`: in 0.9.75 it and a worker may both take the listener out of the worker's epoll
        // set, and the second one aborts the process. While draining, new connections are let in and closed at once.
        core.drain(for: time)
        MHD_stop_daemon(daemon)
        core.watchdog.stop()
        Unmanaged.passUnretained(core).release()
        let waiting = phase.withLock { phase in
            guard case .stopping(let waiting) = phase else { return [CheckedContinuation<Void, Never>]() }
            phase = .stopped
            return waiting
        }
        waiting.forEach { $0.resume() }
    }

    private static func check(_ configuration: HTTPServerConfiguration) throws(HTTPServerError) {
        guard (1...64).contains(configuration.threads) else { throw .badLimit("threads") }
        guard (configuration.threads...65_536).contains(configuration.connectionLimit) else {
            throw .badLimit("connectionLimit")
        }
        guard (1...configuration.connectionLimit).contains(configuration.perAddressLimit) else {
            throw .badLimit("perAddressLimit")
        }
        guard (256...HTTPServerConfiguration.headerLimitCeiling).contains(configuration.headerLimit) else {
            throw .badLimit("headerLimit")
        }
        guard configuration.idleTimeout > .zero, configuration.idleTimeout <= .seconds(3600) else {
            throw .badLimit("idleTimeout")
        }
        guard configuration.uploadBuffer > 0 else { throw .badLimit("uploadBuffer") }
        guard configuration.drainLimit >= 0 else { throw .badLimit("drainLimit") }
    }
}
