import Foundation

/// A TCP socket without any knowledge of HTTP, to say what no client would and to answer as no server should.
final class RawSocket: Sendable {
    enum Received: Equatable {
        case data([UInt8])
        case closed
        case silence
    }

    let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(descriptor)
    }

    static func connect(_ port: UInt16) -> RawSocket? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let peer = RawSocket(descriptor)
        return connected == 0 ? peer : nil
    }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    @discardableResult func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Waits for bytes, the end, or as many milliseconds of silence.
    func receive(within milliseconds: Int32 = 5000) -> Received {
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&event, 1, milliseconds) > 0 else { return .silence }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? .data(Array(buffer[..<count])) : .closed
    }

    /// Everything until the peer closes; nil if it does not.
    func readToEnd(within milliseconds: Int32 = 5000) -> String? {
        var all: [UInt8] = []
        while true {
            switch receive(within: milliseconds) {
            case .data(let bytes): all += bytes
            case .closed: return String(decoding: all, as: UTF8.self)
            case .silence: return nil
            }
        }
    }

    /// Reads until the text has come, and returns what came; nil if it does not come.
    func read(until text: String, within milliseconds: Int32 = 5000) -> String? {
        var all: [UInt8] = []
        while true {
            guard case .data(let bytes) = receive(within: milliseconds) else { return nil }
            all += bytes
            let read = String(decoding: all, as: UTF8.self)
            if read.contains(text) { return read }
        }
    }

    /// Whether the peer, or the kernel for it, takes more within as many milliseconds.
    func isWritable(within milliseconds: Int32) -> Bool {
        var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&event, 1, milliseconds) > 0
    }

    /// Ends both directions.
    func shutDown() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Makes closing send a reset.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}

/// Runs blocking work on a thread of its own.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: work()) }.start()
    }
}
