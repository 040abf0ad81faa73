internal import CMicroHTTPD
internal import Glibc

/// One TCP connection of the server: its socket, its peer, its deadline.
final class ServerConnection: Sendable {
    let descriptor: Int32
    let remoteAddress: String
    private let watchdog: ConnectionWatchdog

    init(_ connection: OpaquePointer, watchdog: ConnectionWatchdog) {
        descriptor = saga_mhd_socket(connection)
        remoteAddress = saga_mhd_peer(connection).map(Self.text) ?? "-"
        self.watchdog = watchdog
    }

    /// Sets the absolute deadline; nil while the server itself is at work.
    func mustAdvance(within time: Duration?) {
        watchdog.watch(descriptor, until: time.map { .now + $0 })
    }

    private static func text(_ address: UnsafePointer<sockaddr>) -> String {
        let isNew = Int32(address.pointee.sa_family) == AF_INET6
        let size = isNew ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            guard let base = buffer.baseAddress,
                getnameinfo(address, socklen_t(size), base, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
            else { return "-" }
            return String(cString: base)
        }
    }
}
