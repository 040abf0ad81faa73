import Adapters
import Testing

@Suite struct HTTPServerTests {
    private func exchange(_ port: UInt16, _ request: String) async -> String? {
        await onThread {
            let socket = RawSocket.connect(port)
            socket?.send(request)
            return socket?.readToEnd()
        }
    }

    private func get(_ path: String, method: String = "GET", _ headers: String = "") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(headers)\r\n"
    }

    @Test func `a sane request id is kept, another is replaced, and each answer has one`() async throws {
        let configuration = HTTPServerConfiguration(requestIDs: { "made" })
        try await withServer(configuration, echoRouter(Seen())) { server in
            for (brought, expected) in [
                ("", "made"), ("X-Request-Id: a-1_B.c\r\n", "a-1_B.c"), ("X-Request-Id: a b\r\n", "made"),
                ("X-Request-Id: \(String(repeating: "a", count: 65))\r\n", "made"),
            ] {
                let answer = await exchange(server.port, get("/a", brought))
                #expect(answer?.contains("\r\nX-Request-Id: \(expected)\r\n") == true)
            }
            for request in [get("/nowhere"), get("/a", method: "DELETE"), get("//")] {
                #expect(await exchange(server.port, request)?.contains("X-Request-Id: made") == true)
            }
        }
    }

    @Test func `unknown paths, methods and verbs have their statuses, and HEAD has no body`() async throws {
        try await withServer(HTTPServerConfiguration(), echoRouter(Seen())) { server in
            #expect(await exchange(server.port, get("/nowhere"))?.hasPrefix("HTTP/1.1 404") == true)
            let refused = await exchange(server.port, get("/a", method: "DELETE"))
            #expect(refused?.hasPrefix("HTTP/1.1 405") == true)
            #expect(refused?.contains("Allow: GET, HEAD, POST, PUT") == true)
            #expect(await exchange(server.port, get("/a", method: "BREW"))?.hasPrefix("HTTP/1.1 501") == true)
            let head = await exchange(server.port, get("/a", method: "HEAD"))
            #expect(head?.hasPrefix("HTTP/1.1 200") == true)
            #expect(head?.hasSuffix("\r\n\r\n") == true)
        }
    }

    @Test func `a route of one request each answers nothing behind it`() async throws {
        let seen = Seen()
        try await withServer(
            HTTPServerConfiguration(), echoRouter(seen, options: HTTPRouteOptions(oneRequestPerConnection: true))
        ) { server in
            let request = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nbb"
            let answer = await exchange(server.port, request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer?.contains("Connection: close") == true)
            #expect(seen.all == ["POST /a 2"])
        }
    }

    @Test func `other routes keep the connection, and pipelined requests come in order`() async throws {
        let seen = Seen()
        try await withServer(HTTPServerConfiguration(), echoRouter(seen)) { server in
            let request = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nbb"
            let answer = await exchange(server.port, request + request + get("/etc"))
            #expect(answer?.components(of: "HTTP/1.1 200") == 3)
            #expect(seen.all == ["POST /a 2", "POST /a 2", "GET /etc 0"])
        }
    }

    @Test func `a chunked body is taken, and ends its connection`() async throws {
        let seen = Seen()
        try await withServer(HTTPServerConfiguration(), echoRouter(seen)) { server in
            let request =
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            let answer = await exchange(server.port, request)
            #expect(answer?.hasPrefix("HTTP/1.1 200") == true)
            #expect(seen.all == ["POST /a 5"])
        }
    }

    @Test func `handlers hold no thread while they wait`() async throws {
        let gate = Gate()
        let arrived = Counter()
        var router = Router()
        router.on(.get, "/slow") { _ in
            if arrived.next() == 100 { gate.open() }
            await gate.wait()
            return .text(200, "done")
        }
        try await withServer(HTTPServerConfiguration(), router) { server in
            let client = try HTTPClient()
            let url = "http://127.0.0.1:\(server.port)/slow"
            let statuses = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        do { return try await client.execute(HTTPRequest(method: .get, url: url)).status } catch {
                            return 0
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 == 200 ? 1 : 0 }
            }
            #expect(statuses == 100)
            await client.shutdown()
        }
    }

    @Test func `an answer that is no HTTP becomes a 500`() async throws {
        var router = Router()
        router.on(.get, "/bad") { _ in HTTPServerResponse(status: 200, headers: ["X": "a\r\nSet-Cookie: b"]) }
        try await withServer(HTTPServerConfiguration(), router) { server in
            let answer = await exchange(server.port, get("/bad"))
            #expect(answer?.hasPrefix("HTTP/1.1 500") == true)
            #expect(answer?.contains("Set-Cookie") == false)
        }
    }

    @Test func `a taken port is named`() async throws {
        try await withServer(HTTPServerConfiguration(), Router()) { server in
            var configuration = HTTPServerConfiguration()
            configuration.port = server.port
            #expect(throws: HTTPServerError.addressInUse("127.0.0.1", server.port)) {
                try HTTPServer.start(configuration, router: Router())
            }
            configuration.host = "localhost"
            #expect(throws: HTTPServerError.badAddress("localhost")) {
                try HTTPServer.start(configuration, router: Router())
            }
        }
    }

    @Test func `stopping lets a request under way finish`() async throws {
        let (entered, gate) = (Gate(), Gate())
        var router = Router()
        router.on(.get, "/slow") { _ in
            entered.open()
            await gate.wait()
            return .text(200, "finished")
        }
        let server = try HTTPServer.start(router: router)
        let request = get("/slow")
        async let answer = exchange(server.port, request)
        await entered.wait()
        async let stopped: Void = server.stop()
        gate.open()
        #expect(await answer?.hasPrefix("HTTP/1.1 200") == true)
        await stopped
        await server.stop()
        #expect(RawSocket.connect(server.port) == nil)
    }

    @Test func `past the drain time a request is answered for its handler, which is cancelled`() async throws {
        let (entered, cancelled) = (Gate(), Gate())
        var router = Router()
        router.on(.get, "/stuck") { _ in
            await withTaskCancellationHandler {
                entered.open()
                await cancelled.wait()
            } onCancel: {
                cancelled.open()
            }
            return .text(200, "too late")
        }
        let server = try HTTPServer.start(router: router)
        let request = get("/stuck")
        async let answer = exchange(server.port, request)
        await entered.wait()
        await server.stop(drainingFor: .milliseconds(50))
        #expect(await answer?.hasPrefix("HTTP/1.1 503") == true)
        await cancelled.wait()
    }

    @Test func `a client that leaves in mid-body leaves nothing behind`() async throws {
        let server = try HTTPServer.start(router: echoRouter(Seen()))
        let port = server.port
        await onThread {
            for head in [
                "GET", "GET /a HTTP/1.1\r\nHost: x\r\nX:", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nb",
                "\0\0\r\n\r\n", "GET /a HTTP/9.9\r\n\r\n",
            ] {
                let socket = RawSocket.connect(port)
                socket?.send(head)
                socket?.resetOnClose()
            }
        }
        let start = ContinuousClock.now
        await server.stop(drainingFor: .seconds(30))
        #expect(ContinuousClock.now - start < .seconds(15), "a request that ended was still waited for")
    }
}

extension String {
    /// How often a text occurs.
    func components(of text: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
