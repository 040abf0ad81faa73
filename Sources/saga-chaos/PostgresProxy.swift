internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// Stands between a daemon and its PostgreSQL server, and cuts connections exactly at a COMMIT.
///
/// It follows the frontend protocol as far as it has to: where a message begins, which prepared statement is a COMMIT,
/// and when the server says that one has happened. It speaks plain text on loopback alone.
final class PostgresProxy: Sendable {
    /// Where a connection is cut.
    enum Cut: String, CaseIterable {
        /// All but the COMMIT has reached the server.
        case before = "before COMMIT"
        /// The COMMIT has reached the server, and nobody waits for its answer.
        case during = "during COMMIT"
        /// The server has answered, and the answer is lost.
        case after = "after COMMIT"
    }

    private struct State {
        var target: UInt16
        var armed: [Cut] = []
        var struck: [Cut] = []
        var isOpen = true
    }

    let port: UInt16
    private let listener: Int32
    private let state: Locked<State>

    /// Listens on a free port of loopback and passes everything on to another one.
    init(to target: UInt16) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw TheatreFailure("no socket: \(errno)") }
        guard let port = Loopback.bound(listener), listen(listener, 64) == 0 else {
            throw TheatreFailure("the proxy cannot listen: \(errno)")
        }
        self.port = port
        state = Locked(State(target: target))
        Thread { [self] in take() }.start()
    }

    /// Has the next commits cut, one each.
    func arm(_ cuts: [Cut]) { state.withLock { $0.armed += cuts } }

    /// Lets the next commits pass.
    func disarm() { state.withLock { $0.armed = [] } }

    /// How many are still to come.
    var armed: Int { state.withLock { $0.armed.count } }

    /// How often each has struck.
    var struck: [Cut] { state.withLock { $0.struck } }

    /// Sends new connections elsewhere.
    func redirect(to target: UInt16) { state.withLock { $0.target = target } }

    func close() {
        state.withLock { $0.isOpen = false }
        shutdown(listener, Int32(SHUT_RDWR))
        Foundation.close(listener)
    }

    private func take() {
        while state.withLock({ $0.isOpen }) {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = Loopback.connect(to: state.withLock { $0.target })
            guard server >= 0 else {
                Foundation.close(client)
                continue
            }
            let line = ProxiedConnection(client: client, server: server, nextCut: nextCut)
            Thread { line.passOn() }.start()
            Thread { line.passBack() }.start()
        }
    }

    private func nextCut() -> Cut? {
        state.withLock { state in
            guard !state.armed.isEmpty else { return nil }
            let cut = state.armed.removeFirst()
            state.struck.append(cut)
            return cut
        }
    }
}

/// Sockets of loopback.
enum Loopback {
    static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    /// A port that nobody listens at just now; 0 when there is none to be had.
    static func freePort() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return bound(descriptor) ?? 0
    }

    /// Binds a socket to a port of the system's choice and answers with it.
    static func bound(_ descriptor: Int32) -> UInt16? {
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name -> Int32 in
                guard bind(descriptor, name, length) == 0 else { return -1 }
                return getsockname(descriptor, name, &length)
            }
        }
        return status == 0 ? UInt16(bigEndian: address.sin_port) : nil
    }

    /// A connected socket, or a negative number.
    static func connect(to port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(port: port)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var isPrompt: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isPrompt, socklen_t(MemoryLayout<Int32>.size))
        guard status == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }

    /// Sends everything; `false` when the peer is gone.
    static func send(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

/// One connection through the proxy: a thread for each direction.
private final class ProxiedConnection: Sendable {
    private struct State {
        var isCut = false
        /// Cut as soon as the server has said that it has committed.
        var cutsAfterCommit = false
        var open = 2
    }

    private let client: Int32
    private let server: Int32
    private let nextCut: @Sendable () -> PostgresProxy.Cut?
    private let state = Locked(State())

    init(client: Int32, server: Int32, nextCut: @escaping @Sendable () -> PostgresProxy.Cut?) {
        self.client = client
        self.server = server
        self.nextCut = nextCut
    }

    /// From the daemon to the server.
    func passOn() {
        var messages = MessageReader()
        var commits: Set<[UInt8]> = []
        read(client) { bytes in
            messages.append(bytes)
            var passed: [UInt8] = []
            while let message = messages.next() {
                if let name = Self.preparedCommit(message) { commits.insert(name) }
                guard Self.isCommit(message, commits), let cut = nextCut() else {
                    passed += message
                    continue
                }
                switch cut {
                case .before:
                    _ = Loopback.send(passed, to: server)
                    sever()
                    return false
                case .during:
                    // With the Execute and the Sync behind it, or the server would wait for them.
                    _ = Loopback.send(passed + message + messages.rest, to: server)
                    sever()
                    return false
                case .after:
                    state.withLock { $0.cutsAfterCommit = true }
                    passed += message
                }
            }
            return passed.isEmpty || Loopback.send(passed, to: server)
        }
        end()
    }

    /// What the server says when a COMMIT is through: CommandComplete, its length, its tag.
    private static let committed = [UInt8(ascii: "C"), 0, 0, 0, 11] + Array("COMMIT".utf8) + [0]

    /// What the server says when it has answered all, whatever came of it: ReadyForQuery and its length.
    private static let ready: [UInt8] = [UInt8(ascii: "Z"), 0, 0, 0, 5]

    /// From the server to the daemon.
    func passBack() {
        var kept: [UInt8] = []
        read(server) { bytes in
            guard state.withLock({ $0.cutsAfterCommit }) else { return Loopback.send(bytes, to: client) }
            kept += bytes
            guard kept.firstRange(of: Self.committed) != nil || kept.firstRange(of: Self.ready) != nil else {
                return true
            }
            // A transaction that has failed is cut off, too, so that nobody waits for its answer.
            sever()
            return false
        }
        end()
    }

    private func read(_ descriptor: Int32, _ body: ([UInt8]) -> Bool) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while !state.withLock({ $0.isCut }) {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0, body(Array(chunk[..<count])) else { break }
        }
        sever()
    }

    private func sever() {
        state.withLock { $0.isCut = true }
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    /// The second of the two threads closes.
    private func end() {
        let left = state.withLock { state -> Int in
            state.open -= 1
            return state.open
        }
        guard left == 0 else { return }
        close(client)
        close(server)
    }

    /// The name under which a Parse message prepares a COMMIT.
    private static func preparedCommit(_ message: [UInt8]) -> [UInt8]? {
        guard message.first == UInt8(ascii: "P") else { return nil }
        let texts = message.dropFirst(5).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard texts.count > 1, texts[1].elementsEqual("COMMIT".utf8) else { return nil }
        return Array(texts[0])
    }

    /// Whether a message has a COMMIT executed: a Bind of a prepared one, or a simple query.
    private static func isCommit(_ message: [UInt8], _ commits: Set<[UInt8]>) -> Bool {
        let texts = message.dropFirst(5).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        switch message.first {
        case UInt8(ascii: "B"): return texts.count > 1 && commits.contains(Array(texts[1]))
        case UInt8(ascii: "Q"): return texts.first?.elementsEqual("COMMIT".utf8) == true
        default: return false
        }
    }
}

/// Finds where messages of the protocol begin and end.
private struct MessageReader {
    private var bytes: [UInt8] = []
    /// The first message has no type.
    private var isStartup = true

    mutating func append(_ more: [UInt8]) { bytes += more }

    /// What has come behind the last message, whole or not.
    var rest: [UInt8] { bytes }

    /// The next whole message, with its type and length.
    mutating func next() -> [UInt8]? {
        let head = isStartup ? 0 : 1
        guard bytes.count >= head + 4 else { return nil }
        let length = bytes[head..<head + 4].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= head + length else { return nil }
        let message = Array(bytes[..<(head + length)])
        bytes.removeFirst(head + length)
        isStartup = false
        return message
    }
}
