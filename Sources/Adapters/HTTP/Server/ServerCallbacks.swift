internal import CMicroHTTPD
internal import Foundation

/// libmicrohttpd's callbacks; each only finds the object its context stands for and calls it.
///
/// A connection's and a request's context is one retained reference, made at the start and released in the matching
/// end callback; the server's is unretained, because the server outlives its daemon.
enum ServerCallbacks {
    static func start(
        _ listener: Int32, _ configuration: HTTPServerConfiguration, _ context: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
        var settings = saga_mhd_settings()
        settings.listen_socket = listener
        settings.threads = UInt32(configuration.threads)
        settings.connection_limit = UInt32(configuration.connectionLimit)
        settings.per_address_limit = UInt32(configuration.perAddressLimit)
        settings.idle_seconds = UInt32((configuration.idleTimeout.milliseconds + 999) / 1000)
        settings.connection_memory = HTTPServerConfiguration.connectionMemory
        settings.may_connect = mayConnect
        settings.on_connection = onConnection
        settings.on_target = onTarget
        settings.on_access = onAccess
        settings.on_completed = onCompleted
        settings.context = context
        guard let tls = configuration.tls else { return saga_mhd_start(&settings) }
        return tls.certificatePEM.withCString { certificate in
            tls.keyPEM.withCString { key in
                settings.certificate_pem = certificate
                settings.key_pem = key
                return saga_mhd_start(&settings)
            }
        }
    }

    private static let mayConnect: MHD_AcceptPolicyCallback = { context, _, _ in
        guard let context else { return .NO }
        return Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue().isStopping ? .NO : .YES
    }

    private static let onConnection: MHD_NotifyConnectionCallback = { context, connection, slot, event in
        guard let context, let connection, let slot else { return }
        let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
        if event == .CONNECTION_NOTIFY_STARTED {
            let peer = ServerConnection(connection, watchdog: core.watchdog)
            peer.mustAdvance(within: core.configuration.requestDeadline)
            core.arrive(peer)
            slot.pointee = Unmanaged.passRetained(peer).toOpaque()
        } else if let ended = slot.pointee {
            slot.pointee = nil
            core.depart(Unmanaged<ServerConnection>.fromOpaque(ended).takeRetainedValue())
        }
    }

    private static let onTarget:
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
            context, target, connection in
            guard let context, let target, let connection, let slot = saga_mhd_socket_context(connection) else {
                return nil
            }
            let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
            let peer = Unmanaged<ServerConnection>.fromOpaque(slot).takeUnretainedValue()
            let exchange = Exchange(core: core, connection: connection, peer: peer, target: RawTarget(target))
            core.enter(exchange)
            return Unmanaged.passRetained(exchange).toOpaque()
        }

    private static let onAccess: MHD_AccessHandlerCallback = { _, _, _, method, version, piece, count, slot in
        guard let method, let version, let count, let context = slot?.pointee else { return .NO }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        return exchange.access(method: method, version: version, piece: piece, count: count)
    }

    private static let onCompleted: MHD_RequestCompletedCallback = { context, _, slot, _ in
        guard let context, let slot, let ended = slot.pointee else { return }
        slot.pointee = nil
        let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
        core.leave(Unmanaged<Exchange>.fromOpaque(ended).takeRetainedValue())
    }
}
