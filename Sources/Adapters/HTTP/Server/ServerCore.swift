internal import CMicroHTTPD
internal import Foundation
internal import SagaEngine
internal import Synchronization

/// What libmicrohttpd's callbacks share: configuration, router, and the requests under way.
final class ServerCore: Sendable {
    let configuration: HTTPServerConfiguration
    let router: Router
    let watchdog: ConnectionWatchdog
    private let exchanges = Locked<[ObjectIdentifier: Exchange]>([:])
    private let places: Locked<PlaceBook>?
    private let underWay = DispatchGroup()
    private let stopping = Atomic<Bool>(false)

    init(_ configuration: HTTPServerConfiguration, router: Router) throws(HTTPServerError) {
        self.configuration = configuration
        self.router = router
        watchdog = try ConnectionWatchdog()
        let limits = PlaceBook.Limits(
            total: configuration.connectionLimit, perAddress: configuration.perAddressLimit,
            reserved: configuration.reservedPart)
        places = configuration.reservedPart > 0 ? Locked(PlaceBook(limits)) : nil
    }

    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// The requests under way.
    var count: Int { exchanges.withLock(\.count) }

    /// The id the peer brought if it is a sane one, else a new one.
    func requestID(_ brought: String?) -> String {
        guard let brought, (1...64).contains(brought.utf8.count), brought.utf8.allSatisfy(Self.isSane) else {
            return configuration.requestIDs()
        }
        return brought
    }

    private static func isSane(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-._".utf8.contains(byte)
        }
    }

    /// A connection has come; the oldest that says nothing, or has not said all, is ended for it when there are few
    /// places left.
    func arrive(_ peer: ServerConnection) {
        places?.withLock { places in
            guard let leaving = places.enter(peer.descriptor, from: peer.remoteAddress) else { return }
            // Under the lock, so that its descriptor is not another connection's by now.
            watchdog.watch(leaving, until: .now)
        }
    }

    /// Whether there is a place for a request of this kind; one whose body has not come in full is ended for it.
    func admit(_ peer: ServerConnection, reserved: Bool) -> Bool {
        places?.withLock { places in
            let admission = places.admit(peer.descriptor, reserved: reserved)
            // Under the lock, so that its descriptor is not another connection's by now.
            if let leaving = admission.leaving { watchdog.watch(leaving, until: .now) }
            return admission.isGranted
        } ?? true
    }

    /// A request's body has come in full, or its handler takes it as it comes.
    func arrived(_ peer: ServerConnection) {
        places?.withLock { $0.arrived(peer.descriptor) }
    }

    /// A request of this connection is over.
    func rest(_ peer: ServerConnection) {
        places?.withLock { $0.rest(peer.descriptor) }
    }

    /// A connection has ended; to be called before its descriptor is closed.
    func depart(_ peer: ServerConnection) {
        places?.withLock { $0.leave(peer.descriptor) }
        peer.mustAdvance(within: nil)
    }

    func enter(_ exchange: Exchange) {
        underWay.enter()
        exchanges.withLock { $0[ObjectIdentifier(exchange)] = exchange }
    }

    func leave(_ exchange: Exchange) {
        exchange.end()
        exchanges.withLock { $0[ObjectIdentifier(exchange)] = nil }
        underWay.leave()
    }

    /// Blocks its thread until no request is under way; past the time given, ends the rest and grants a second more.
    func drain(for time: Duration) {
        stopping.store(true, ordering: .releasing)
        if underWay.wait(timeout: .now() + .milliseconds(time.milliseconds)) == .success { return }
        for exchange in exchanges.withLock({ Array($0.values) }) { exchange.stop() }
        // Those that only wait for bytes of their peer are closed by the daemon's end.
        _ = underWay.wait(timeout: .now() + .seconds(1))
    }
}
