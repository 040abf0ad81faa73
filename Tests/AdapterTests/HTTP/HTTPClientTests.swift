import Adapters
import Foundation
import Testing

@Suite struct HTTPClientTests {
    private func client(_ change: (inout HTTPClientConfiguration) -> Void = { _ in }) throws -> HTTPClient {
        var configuration = HTTPClientConfiguration()
        change(&configuration)
        return try HTTPClient(configuration)
    }

    private func post(_ port: UInt16, scheme: String = "http", path: String = "/a") -> HTTPRequest {
        HTTPRequest(
            method: .post, url: "\(scheme)://127.0.0.1:\(port)\(path)", headers: ["Idempotency-Key": "k"],
            body: Array("pay".utf8))
    }

    private func failure(_ client: HTTPClient, _ request: HTTPRequest) async -> HTTPClientError? {
        do throws(HTTPClientError) {
            _ = try await client.execute(request)
            return nil
        } catch {
            return error
        }
    }

    /// The error of one POST against a server that follows a script.
    private func failure(
        scheme: String = "http", _ change: (inout HTTPClientConfiguration) -> Void = { _ in },
        against script: @escaping @Sendable (RawSocket) -> Void
    ) async throws -> HTTPClientError? {
        let server = RawServer { socket, _ in script(socket) }
        defer { server.stop() }
        let client = try client(change)
        let error = await failure(client, post(server.port, scheme: scheme))
        await client.shutdown()
        return error
    }

    @Test func `a request arrives as it was given, and so does the answer`() async throws {
        var router = Router()
        router.on(.post, "/echo") { request in
            let line = ["X-A", "X-Empty", "Content-Type"].map { request.headers[$0] ?? "none" }.joined(separator: " ")
            return HTTPServerResponse(
                status: 201, headers: ["X-Line": line, "X-B": "1", "x-b": "2"], body: request.body)
        }
        try await withServer(HTTPServerConfiguration(), router) { server in
            let client = try client()
            for body in [[], [0, 255, 13, 10], [UInt8](repeating: 3, count: 200_000)] as [[UInt8]] {
                let answer = try await client.execute(
                    HTTPRequest(
                        method: .post, url: "http://127.0.0.1:\(server.port)/echo",
                        headers: ["X-A": "b c", "X-Empty": ""],
                        body: body))
                #expect(answer.status == 201)
                #expect(answer.body == body)
                #expect(answer.headers["x-line"] == "b c  none")
                #expect(answer.headers.all("X-B") == ["1", "2"])
            }
            await client.shutdown()
        }
    }

    @Test(arguments: [HTTPMethod.get, .head, .put, .delete, .patch, .options])
    func `each method is sent as itself`(method: HTTPMethod) async throws {
        let seen = Seen()
        var router = Router()
        router.on(method, "/a") { request in
            seen.add(request.method.rawValue)
            return .text(200, "x")
        }
        try await withServer(HTTPServerConfiguration(), router) { server in
            let client = try client()
            let answer = try await client.execute(HTTPRequest(method: method, url: "http://127.0.0.1:\(server.port)/a"))
            #expect(answer.status == 200)
            #expect(seen.all == [method.rawValue])
            await client.shutdown()
        }
    }

    @Test func `where nobody listens nothing was sent`() async throws {
        let client = try client()
        #expect(await failure(client, post(RawServer.freePort())) == .notSent(.connectFailed))
        await client.shutdown()
    }

    @Test func `a handshake that fails or never ends has sent nothing`() async throws {
        let garbage = try await failure(scheme: "https", against: { $0.send("no TLS at all, that is certain\r\n") })
        #expect(garbage == .notSent(.tlsFailed))
        let silence = try await failure(
            scheme: "https", { $0.connectTimeout = .milliseconds(200) }, against: { _ = $0.readToEnd() })
        #expect(silence == .notSent(.connectTimeout))
    }

    @Test func `an untrusted certificate stops the request, a trusted one lets it through`() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.tls = HTTPServerTLS(
            certificatePEM: TestCertificate.certificatePEM, keyPEM: TestCertificate.keyPEM)
        let seen = Seen()
        let caFile = FileManager.default.temporaryDirectory.appending(
            path: "ca-\(ProcessInfo.processInfo.processIdentifier).pem")
        try Data(TestCertificate.certificatePEM.utf8).write(to: caFile)
        defer { unlink(caFile.path) }
        try await withServer(configuration, echoRouter(seen)) { server in
            let untrusting = try client()
            #expect(await failure(untrusting, post(server.port, scheme: "https")) == .notSent(.tlsFailed))
            #expect(seen.all.isEmpty)
            await untrusting.shutdown()
            let trusting = try client { $0.caFile = caFile.path }
            #expect(try await trusting.execute(post(server.port, scheme: "https")).status == 200)
            await trusting.shutdown()
        }
    }

    @Test func `what cannot be written as HTTP is not sent`() async throws {
        let server = RawServer { _, _ in }
        let client = try client()
        let base = "http://127.0.0.1:\(server.port)/"
        for url in [
            "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1", base + "a b", base + "\r\nX: y",
            "http://u:p@127.0.0.1/", "",
        ] {
            #expect(await failure(client, HTTPRequest(method: .get, url: url)) == .notSent(.invalidRequest))
        }
        for (name, value) in [
            ("X", "a\r\nY: b"), ("X\r\n", "a"), ("X Y", "a"), ("", "a"), ("X", "a\0"), ("X", " a"), ("Host", "b"),
            ("content-length", "3"), ("Transfer-Encoding", "chunked"), ("Connection", "close"),
        ] {
            #expect(
                await failure(client, HTTPRequest(method: .get, url: base, headers: [name: value]))
                    == .notSent(.invalidRequest))
        }
        #expect(server.connections == 0)
        await client.shutdown()
        server.stop()
    }

    @Test func `a peer that reads and closes leaves doubt`() async throws {
        let error = try await failure(against: { _ = $0.read(until: "pay") })
        #expect(error == .uncertain(.noAnswer))
    }

    @Test func `a peer that resets leaves doubt`() async throws {
        let error = try await failure(against: {
            _ = $0.read(until: "pay")
            $0.resetOnClose()
        })
        #expect(error?.mayHaveArrived == true)
    }

    @Test func `a peer that closes without reading leaves doubt`() async throws {
        let error = try await failure(against: { $0.resetOnClose() })
        #expect(error?.mayHaveArrived != false || error == .notSent(.connectFailed))
    }

    @Test func `an answer cut short leaves doubt`() async throws {
        let body = try await failure(against: {
            _ = $0.read(until: "pay")
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        })
        #expect(body == .uncertain(.truncated))
        let chunk = try await failure(against: {
            _ = $0.read(until: "pay")
            $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal")
        })
        #expect(chunk == .uncertain(.truncated))
        let head = try await failure(against: {
            _ = $0.read(until: "pay")
            $0.send("HTTP/1.1 200 OK\r\nContent-Le")
        })
        #expect(head?.mayHaveArrived == true)
    }

    @Test func `an answer that is no HTTP leaves doubt`() async throws {
        let error = try await failure(against: {
            _ = $0.read(until: "pay")
            $0.send("SSH-2.0-OpenSSH\r\n")
        })
        #expect(error?.mayHaveArrived == true)
    }

    @Test func `an answer at the limit is taken, one byte more leaves doubt`() async throws {
        for (size, expected) in [(1000, nil), (1001, HTTPClientError.uncertain(.tooLarge))] {
            let error = try await failure({ $0.responseLimit = 1000 }) {
                _ = $0.read(until: "pay")
                $0.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n" + String(repeating: "x", count: size))
                _ = $0.readToEnd()
            }
            #expect(error == expected)
        }
        let headers = try await failure({ $0.headerLimit = 1000 }) {
            _ = $0.read(until: "pay")
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: \(String(repeating: "x", count: 1000))\r\n\r\n")
            _ = $0.readToEnd()
        }
        #expect(headers == .uncertain(.tooLarge))
    }

    @Test func `silence after sending ends at the first-byte timeout`() async throws {
        let error = try await failure({ $0.firstByteTimeout = .milliseconds(150) }) { _ = $0.readToEnd() }
        #expect(error == .uncertain(.firstByteTimeout))
    }

    @Test func `an answer that drips ends at the total timeout`() async throws {
        let error = try await failure({
            $0.firstByteTimeout = .milliseconds(300)
            $0.totalTimeout = .milliseconds(600)
        }) {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while $0.receive(within: 20) != .closed { $0.send("x") }
        }
        #expect(error == .uncertain(.timeout))
    }

    @Test func `a connection is used again`() async throws {
        let server = RawServer { socket, _ in
            while socket.read(until: "pay") != nil { socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        }
        let client = try client()
        for _ in 0..<5 { #expect(try await client.execute(post(server.port)).body == Array("ok".utf8)) }
        #expect(server.connections == 1)
        await client.shutdown()
        server.stop()
    }

    @Test func `a used connection that dies is not tried again in secret`() async throws {
        let requests = Counter()
        let server = RawServer { socket, number in
            while socket.read(until: "pay") != nil {
                requests.next()
                // The first connection answers once, then takes the second request and dies without a byte.
                if number == 1, requests.value > 1 { return }
                socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        let client = try client()
        #expect(try await client.execute(post(server.port)).status == 200)
        #expect(await failure(client, post(server.port)) == .uncertain(.noAnswer))
        #expect(requests.value == 2)
        #expect(try await client.execute(post(server.port)).status == 200)
        #expect(requests.value == 3)
        await client.shutdown()
        server.stop()
    }

    @Test func `a redirect is an answer, not a way`() async throws {
        let server = RawServer { socket, _ in
            _ = socket.read(until: "pay")
            socket.send("HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        let client = try client()
        #expect(try await client.execute(post(server.port)).status == 307)
        #expect(server.connections == 1)
        await client.shutdown()
        server.stop()
    }

    @Test func `an interim answer is not the answer`() async throws {
        let server = RawServer { socket, _ in
            _ = socket.read(until: "pay")
            socket.send("HTTP/1.1 102 Wait\r\nX-A: interim\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            _ = socket.readToEnd()
        }
        let client = try client()
        let answer = try await client.execute(post(server.port))
        #expect(answer.status == 200)
        #expect(answer.headers["X-A"] == nil)
        await client.shutdown()
        server.stop()
    }

    @Test func `past the limits a request is refused, at the limits it waits its turn`() async throws {
        let gate = Gate()
        let entered = Gate()
        var router = Router()
        router.on(.post, "/a") { _ in
            entered.open()
            await gate.wait()
            return .text(200, "")
        }
        try await withServer(HTTPServerConfiguration(), router) { server in
            let client = try client {
                $0.inFlightLimit = 1
                $0.waitingLimit = 1
            }
            let request = post(server.port)
            async let first = failure(client, request)
            await entered.wait()
            // Of two more one waits and one is refused, whichever comes first.
            let outcomes = await withTaskGroup(of: HTTPClientError?.self) { group in
                for _ in 0..<2 { group.addTask { await self.failure(client, request) } }
                var outcomes: [HTTPClientError?] = []
                for await outcome in group {
                    outcomes.append(outcome)
                    gate.open()
                }
                return outcomes
            }
            #expect(outcomes == [.notSent(.overloaded), nil])
            #expect(await first == nil)
            await client.shutdown()
        }
    }

    @Test func `a cancelled task has its error at once, with what is known`() async throws {
        let entered = Gate()
        let server = RawServer { socket, _ in
            _ = socket.read(until: "pay")
            entered.open()
            _ = socket.readToEnd(within: 20_000)
        }
        let client = try client()
        let request = post(server.port)
        let error = await withTaskGroup(of: HTTPClientError?.self) { group in
            group.addTask { await self.failure(client, request) }
            await entered.wait()
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error == .uncertain(.cancelled))
        let early = await withTaskGroup(of: HTTPClientError?.self) { group in
            group.cancelAll()
            group.addTask { await self.failure(client, request) }
            return await group.next() ?? nil
        }
        #expect(early == .notSent(.cancelled))
        await client.shutdown()
        server.stop()
    }

    @Test func `a shutdown ends what is in flight and refuses what comes later`() async throws {
        let entered = Gate()
        let server = RawServer { socket, _ in
            _ = socket.read(until: "pay")
            entered.open()
            _ = socket.readToEnd(within: 20_000)
        }
        let client = try client()
        async let flying = failure(client, post(server.port))
        await entered.wait()
        await client.shutdown()
        #expect(await flying == .uncertain(.shutdown))
        #expect(await failure(client, post(server.port)) == .notSent(.shutdown))
        await client.shutdown()
        server.stop()
    }
}
