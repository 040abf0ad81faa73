import Adapters
import Testing

@Suite(.timeLimit(.minutes(2))) struct HTTPServerAdmissionTests {
    /// A streamed route that admits who has a token, and a reserved one beside it.
    private func router(_ seen: Seen) -> Router {
        var router = Router()
        var options = HTTPRouteOptions(body: .streamed(limit: 1 << 30), requestDeadline: .seconds(3_600))
        options.admission = { request in
            request.headers["Authorization"] == nil ? .text(401, "who are you") : nil
        }
        router.on(.put, "/upload", options: options) { request in
            seen.add("upload")
            var count = 0
            do {
                while let piece = try await request.upload?.next() { count += piece.count }
            } catch {
                return .text(400, "cut")
            }
            return .text(200, "\(count) bytes")
        }
        var reserved = HTTPRouteOptions(oneRequestPerConnection: true)
        reserved.isReserved = true
        router.on(.post, "/hook", options: reserved) { _ in .text(200, "taken") }
        return router
    }

    private static let unknown = "PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n"
    private static let known =
        "PUT /upload HTTP/1.1\r\nHost: x\r\nAuthorization: y\r\nContent-Length: 900000000\r\n\r\n"

    @Test func `who is not admitted is answered by the head alone, and the connection ends`() async throws {
        let seen = Seen()
        try await withServer(HTTPServerConfiguration(), router(seen)) { server in
            let port = server.port
            let answer = await onThread { () -> String? in
                let socket = RawSocket.connect(port)
                socket?.send(Self.unknown)
                return socket?.readToEnd()
            }
            #expect(answer?.hasPrefix("HTTP/1.1 401") == true)
            #expect(answer?.contains("Connection: close") == true)
            #expect(seen.all == [])
        }
    }

    @Test func `a small body of who is not admitted is read, so that the answer comes through`() async throws {
        try await withServer(HTTPServerConfiguration(), router(Seen())) { server in
            let port = server.port
            let answer = await onThread { () -> String? in
                let socket = RawSocket.connect(port)
                socket?.send("PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
                socket?.send([UInt8](repeating: 0x61, count: 60_000))
                return socket?.readToEnd()
            }
            #expect(answer?.hasPrefix("HTTP/1.1 401") == true)
        }
    }

    @Test func `nothing much is swallowed of who is not admitted`() async throws {
        try await withServer(HTTPServerConfiguration(), router(Seen())) { server in
            let port = server.port
            let sent = await onThread { () -> Int in
                guard let socket = RawSocket.connect(port) else { return .max }
                socket.send(Self.unknown)
                let piece = [UInt8](repeating: 0x61, count: 1 << 20)
                var count = 0
                while count < 200, socket.send(piece) { count += 1 }
                return count
            }
            // What the kernel buffers on both sides is at most some MiB.
            #expect(sent < 50, "\(sent) MiB")
        }
    }

    @Test func `an upload that comes too slowly is cut, long before the deadline of its route`() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.uploadStretch = .seconds(1)
        try await withServer(configuration, router(Seen())) { server in
            let port = server.port
            let isCut = await onThread { () -> Bool in
                guard let socket = RawSocket.connect(port) else { return false }
                socket.send(Self.known)
                for _ in 0..<500 {
                    socket.send("a")
                    if socket.receive(within: 20) == .closed { return true }
                }
                return false
            }
            #expect(isCut)
        }
    }

    @Test func `reserved routes are served while others have taken all their places`() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.threads = 1
        configuration.connectionLimit = 64
        configuration.perAddressLimit = 32
        configuration.reservedPart = 4
        try await withServer(configuration, router(Seen())) { server in
            let port = server.port
            let outcome = await onThread { () -> (refused: Int, taken: [String?]) in
                let slow = (0..<40).compactMap { _ -> RawSocket? in
                    let socket = RawSocket.connect(port)
                    socket?.send(Self.known)
                    return socket
                }
                let refused = slow.reversed().prefix(16).count { socket in
                    socket.readToEnd(within: 2_000)?.hasPrefix("HTTP/1.1 503") == true
                }
                let taken = (0..<20).map { _ -> String? in
                    let socket = RawSocket.connect(port)
                    socket?.send("POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                    return socket?.readToEnd()
                }
                // Here, so that the slow ones are still open.
                return withExtendedLifetime(slow) { (refused, taken) }
            }
            #expect(outcome.refused > 0)
            #expect(outcome.taken.allSatisfy { $0?.hasSuffix("taken") == true })
        }
    }

    @Test func `reserved routes are served beside connections that say nothing`() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.threads = 1
        configuration.connectionLimit = 64
        configuration.perAddressLimit = 32
        configuration.reservedPart = 4
        try await withServer(configuration, router(Seen())) { server in
            let port = server.port
            let taken = await onThread { () -> [String?] in
                let silent = (0..<28).compactMap { _ in RawSocket.connect(port) }
                let taken = (0..<20).map { _ -> String? in
                    let socket = RawSocket.connect(port)
                    socket?.send("POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                    return socket?.readToEnd()
                }
                return withExtendedLifetime(silent) { taken }
            }
            #expect(taken.allSatisfy { $0?.hasSuffix("taken") == true })
        }
    }

    @Test(arguments: ["/hook", "/nowhere"])
    func `requests that are half sent keep nobody out, however many there are`(path: String) async throws {
        var configuration = HTTPServerConfiguration()
        configuration.threads = 1
        configuration.connectionLimit = 64
        configuration.perAddressLimit = 32
        configuration.reservedPart = 4
        var router = router(Seen())
        router.on(.get, "/healthz") { _ in .text(200, "well") }
        try await withServer(configuration, router) { server in
            let port = server.port
            let answers = await onThread { () -> [String?] in
                // More than the address has places for.
                let halfSent = (0..<40).compactMap { _ -> RawSocket? in
                    let socket = RawSocket.connect(port)
                    socket?.send("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{")
                    return socket
                }
                // Until the first of them are gone, which have to go for the last.
                for _ in 0..<50 where RawSocket.connect(port)?.receive(within: 20) == .closed {}
                let answers = (0..<20).map { number -> String? in
                    let socket = RawSocket.connect(port)
                    socket?.send(
                        number.isMultiple(of: 2)
                            ? "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
                            : "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    return socket?.readToEnd()
                }
                // Here, so that the others are still open.
                return withExtendedLifetime(halfSent) { answers }
            }
            #expect(answers.allSatisfy { $0?.hasPrefix("HTTP/1.1 200") == true })
        }
    }

    @Test func `the body of who is not admitted is cut in time, whatever drips in`() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.requestDeadline = .milliseconds(300)
        try await withServer(configuration, router(Seen())) { server in
            let port = server.port
            let isCut = await onThread { () -> Bool in
                guard let socket = RawSocket.connect(port) else { return false }
                socket.send("PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
                for _ in 0..<500 {
                    socket.send("a")
                    if socket.receive(within: 20) == .closed { return true }
                }
                return false
            }
            #expect(isCut)
        }
    }
}
