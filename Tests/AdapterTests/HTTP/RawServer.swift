import Foundation
import Synchronization

/// A TCP server that treats each connection by a script on a thread of its own, and counts them.
final class RawServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let counter = Counter()

    var connections: Int { counter.value }

    /// - Parameter script: gets each connection and its number, from 1; the connection closes when it returns.
    init(_ script: @escaping @Sendable (RawSocket, Int) -> Void) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = RawSocket.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, size)
                _ = getsockname(descriptor, $0, &size)
            }
        }
        listen(descriptor, 128)
        listener = descriptor
        port = UInt16(bigEndian: address.sin_port)
        let counter = counter
        Thread {
            while true {
                let accepted = accept(descriptor, nil, nil)
                guard accepted >= 0 else { break }
                let number = counter.next()
                Thread { script(RawSocket(accepted), number) }.start()
            }
            close(descriptor)
        }.start()
    }

    /// Ends listening; the accepting thread then closes the socket.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// A port where nobody listens.
    static func freePort() -> UInt16 {
        let server = RawServer { _, _ in }
        let port = server.port
        server.stop()
        while RawSocket.connect(port) != nil {}
        return port
    }
}

/// A count that threads share.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .acquiring) }

    @discardableResult func next() -> Int {
        count.add(1, ordering: .acquiringAndReleasing).newValue
    }
}
