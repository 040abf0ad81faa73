import Adapters
import Testing

@Suite struct HTTPServerLimitTests {
    private func configuration(_ change: (inout HTTPServerConfiguration) -> Void) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        change(&configuration)
        return configuration
    }

    /// Sends pieces with a pause between them until the peer closes; false if it never does.
    private static func drip(_ socket: RawSocket, _ pieces: [String], pause: Int32 = 20, most: Int = 500) -> Bool {
        for index in 0..<most {
            socket.send(index < pieces.count ? pieces[index] : "x")
            switch socket.receive(within: pause) {
            case .closed: return true
            case .data, .silence: continue
            }
        }
        return false
    }

    @Test func `a header that drips is cut at the deadline`() async throws {
        let configuration = configuration { $0.requestDeadline = .milliseconds(300) }
        try await withServer(configuration, echoRouter(Seen())) { server in
            let port = server.port
            let isCut = await onThread {
                RawSocket.connect(port).map { Self.drip($0, ["GET /a HTTP/1.1\r\n", "Host: x\r\n", "X: "]) }
            }
            #expect(isCut == true)
        }
    }

    @Test func `a body that drips is cut at the deadline of its route`() async throws {
        let seen = Seen()
        let options = HTTPRouteOptions(requestDeadline: .milliseconds(300))
        try await withServer(HTTPServerConfiguration(), echoRouter(seen, options: options)) { server in
            let port = server.port
            let isCut = await onThread {
                RawSocket.connect(port).map {
                    Self.drip($0, ["POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"])
                }
            }
            #expect(isCut == true)
            #expect(seen.all.isEmpty)
        }
    }

    @Test func `the second request of a connection has a deadline too`() async throws {
        let configuration = configuration {
            $0.requestDeadline = .milliseconds(200)
            $0.idleTimeout = .milliseconds(100)
        }
        try await withServer(configuration, echoRouter(Seen())) { server in
            let port = server.port
            let isCut = await onThread { () -> Bool? in
                guard let socket = RawSocket.connect(port) else { return nil }
                socket.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
                guard socket.read(until: "U=/a") != nil else { return nil }
                return Self.drip(socket, ["G", "E", "T", " ", "/", "a"])
            }
            #expect(isCut == true)
        }
    }

    @Test(arguments: [true, false])
    func `a body at the limit is taken, one byte more is answered with 413`(isChunked: Bool) async throws {
        let seen = Seen()
        let options = HTTPRouteOptions(body: .whole(limit: 1000))
        try await withServer(HTTPServerConfiguration(), echoRouter(seen, options: options)) { server in
            let port = server.port
            for (size, status) in [(1000, "200"), (1001, "413")] {
                let body = String(repeating: "b", count: size)
                let framed =
                    isChunked
                    ? "Transfer-Encoding: chunked\r\n\r\n\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
                    : "Content-Length: \(size)\r\nConnection: close\r\n\r\n\(body)"
                let answer = await onThread {
                    let socket = RawSocket.connect(port)
                    socket?.send("POST /a HTTP/1.1\r\nHost: x\r\n" + framed)
                    return socket?.readToEnd()
                }
                #expect(answer?.hasPrefix("HTTP/1.1 \(status)") == true)
            }
            #expect(seen.all == ["POST /a 1000"])
        }
    }

    @Test func `a length far past the limit is refused before its body`() async throws {
        let options = HTTPRouteOptions(body: .whole(limit: 1000))
        try await withServer(HTTPServerConfiguration(), echoRouter(Seen(), options: options)) { server in
            let port = server.port
            let answer = await onThread {
                let socket = RawSocket.connect(port)
                socket?.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
                return socket?.readToEnd()
            }
            #expect(answer?.hasPrefix("HTTP/1.1 413") == true)
        }
    }

    @Test func `a header section past the limit is refused`() async throws {
        let configuration = configuration { $0.headerLimit = 1024 }
        try await withServer(configuration, echoRouter(Seen())) { server in
            let port = server.port
            for (size, status) in [(900, "200"), (1100, "431")] {
                let answer = await onThread {
                    let socket = RawSocket.connect(port)
                    socket?.send(
                        "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                            + "X: \(String(repeating: "y", count: size))\r\n\r\n"
                    )
                    return socket?.readToEnd()
                }
                #expect(answer?.hasPrefix("HTTP/1.1 \(status)") == true)
            }
        }
    }

    @Test func `an honest client is served beside 200 slow ones`() async throws {
        let seen = Seen()
        try await withServer(HTTPServerConfiguration(), echoRouter(seen)) { server in
            let port = server.port
            let slow = await onThread {
                (0..<200).compactMap { number in
                    let socket = RawSocket.connect(port)
                    socket?.send(
                        number.isMultiple(of: 2)
                            ? "GET /a HT" : "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nb")
                    return socket
                }
            }
            #expect(slow.count == 200)
            let client = try HTTPClient()
            let start = ContinuousClock.now
            for _ in 0..<50 {
                let answer = try await client.execute(HTTPRequest(method: .get, url: "http://127.0.0.1:\(port)/a"))
                #expect(answer.status == 200)
            }
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(seen.all.count == 50)
            await client.shutdown()
        }
    }

    @Test func `one address gets no more connections than its share`() async throws {
        let configuration = configuration {
            $0.threads = 1
            $0.connectionLimit = 20
            $0.perAddressLimit = 5
        }
        try await withServer(configuration, echoRouter(Seen())) { server in
            let port = server.port
            let outcome = await onThread { () -> (held: Int, next: String?) in
                let held = (0..<5).compactMap { _ -> RawSocket? in
                    let socket = RawSocket.connect(port)
                    socket?.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
                    return socket?.read(until: "U=/a") == nil ? nil : socket
                }
                let next = RawSocket.connect(port)
                next?.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
                return (held.count, next?.readToEnd())
            }
            #expect(outcome.held == 5)
            #expect(outcome.next?.isEmpty == true)
        }
    }

    @Test func `a peer that does not take its answer is cut`() async throws {
        var router = Router()
        router.on(.get, "/large") { _ in HTTPServerResponse(status: 200, body: [UInt8](repeating: 1, count: 32 << 20)) }
        let server = try HTTPServer.start(configuration { $0.responseDeadline = .milliseconds(200) }, router: router)
        let port = server.port
        let socket = await onThread {
            let socket = RawSocket.connect(port)
            socket?.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            // The first bytes show that the answer has begun; no more are read.
            return socket.map { ($0, $0.receive()) }
        }
        let start = ContinuousClock.now
        await server.stop(drainingFor: .seconds(30))
        #expect(ContinuousClock.now - start < .seconds(15), "the answer was waited for")
        #expect(socket?.1 != .silence)
    }

    @Test func `limits out of their range are named`() {
        for (name, change) in [
            ("threads", { $0.threads = 0 }), ("connectionLimit", { $0.connectionLimit = 1 }),
            ("perAddressLimit", { $0.perAddressLimit = 0 }), ("headerLimit", { $0.headerLimit = 1 << 20 }),
            ("idleTimeout", { $0.idleTimeout = .zero }), ("uploadBuffer", { $0.uploadBuffer = 0 }),
        ] as [(String, (inout HTTPServerConfiguration) -> Void)] {
            #expect(throws: HTTPServerError.badLimit(name)) {
                try HTTPServer.start(configuration(change), router: Router())
            }
        }
    }
}
