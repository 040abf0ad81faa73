import Adapters
import SagaEngine
import Testing

@Suite struct HTTPUploadTests {
    private func router(_ limit: Int, _ handler: @escaping @Sendable (HTTPUpload) async -> HTTPServerResponse) -> Router
    {
        var router = Router()
        router.on(.put, "/up", options: HTTPRouteOptions(body: .streamed(limit: limit))) { request in
            guard let upload = request.upload else { return .text(500, "no upload") }
            return await handler(upload)
        }
        return router
    }

    private static func digest(_ upload: HTTPUpload) async -> HTTPServerResponse {
        var (digest, count) = (SHA256Digest(), 0)
        do {
            for try await piece in upload {
                digest.update(piece)
                count += piece.count
            }
            return .text(200, "\(count) \(Hex.encode(digest.finalize()))")
        } catch {
            return .text(error == .tooLarge ? 413 : 400, error.code)
        }
    }

    private static let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

    @Test func `a large body comes whole and in order`() async throws {
        try await withServer(HTTPServerConfiguration(), router(Self.body.count, Self.digest)) { server in
            let client = try HTTPClient()
            let answer = try await client.execute(
                HTTPRequest(method: .put, url: "http://127.0.0.1:\(server.port)/up", body: Self.body))
            #expect(
                String(decoding: answer.body, as: UTF8.self) == "3000000 \(Hex.encode(SHA256Digest.hash(Self.body)))")
            await client.shutdown()
        }
    }

    @Test func `one byte past the limit fails the reader`() async throws {
        try await withServer(HTTPServerConfiguration(), router(Self.body.count - 1, Self.digest)) { server in
            let client = try HTTPClient()
            let answer = try await client.execute(
                HTTPRequest(method: .put, url: "http://127.0.0.1:\(server.port)/up", body: Self.body))
            #expect(answer.status == 413)
            await client.shutdown()
        }
    }

    @Test func `a peer is made to wait while nobody reads`() async throws {
        let (gate, entered) = (Gate(), Gate())
        var configuration = HTTPServerConfiguration()
        configuration.uploadBuffer = 64 << 10
        let router = router(1 << 30) { upload in
            entered.open()
            await gate.wait()
            return await Self.digest(upload)
        }
        let total = 64 << 20
        try await withServer(configuration, router) { server in
            let port = server.port
            let sent = Locked(0)
            async let answer = onThread { () -> String? in
                guard let socket = RawSocket.connect(port) else { return nil }
                socket.send("PUT /up HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: \(total)\r\n\r\n")
                let block = [UInt8](repeating: 7, count: 1 << 20)
                for number in 0..<(total >> 20) {
                    // Kernel buffers hold a few MiB; the reader is let go once no more is taken for a while.
                    if !socket.isWritable(within: 300) {
                        sent.withLock { $0 = number }
                        gate.open()
                    }
                    socket.send(block)
                    if sent.withLock({ $0 }) == 0, number == (total >> 20) - 1 { gate.open() }
                }
                return socket.readToEnd(within: 20_000)
            }
            await entered.wait()
            #expect(await answer?.contains("\r\n\r\n\(total) ") == true)
            #expect((1..<(total >> 20)).contains(sent.withLock { $0 }), "the peer could send everything unread")
        }
    }

    @Test func `a reader whose peer goes away learns so`() async throws {
        let (entered, seen, done) = (Gate(), Seen(), Gate())
        let router = router(1 << 20) { upload in
            do throws(HTTPUploadError) {
                while try await upload.next() != nil { entered.open() }
                seen.add("whole")
            } catch {
                seen.add(error.code)
            }
            done.open()
            return .text(200, "")
        }
        try await withServer(HTTPServerConfiguration(), router) { server in
            let port = server.port
            let socket = try #require(
                await onThread {
                    let socket = RawSocket.connect(port)
                    socket?.send("PUT /up HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome")
                    return socket
                })
            await entered.wait()
            socket.shutDown()
            await done.wait()
            #expect(seen.all == ["http.upload_aborted"])
        }
    }

    @Test func `a handler may answer before the end of the body`() async throws {
        let router = router(1 << 30) { upload in
            do throws(HTTPUploadError) {
                _ = try await upload.next()
            } catch {
                return .text(500, error.code)
            }
            return .text(422, "line 1 is wrong")
        }
        try await withServer(HTTPServerConfiguration(), router) { server in
            let client = try HTTPClient()
            let answer = try await client.execute(
                HTTPRequest(method: .put, url: "http://127.0.0.1:\(server.port)/up", body: Self.body))
            #expect(answer.status == 422)
            await client.shutdown()
        }
    }

    @Test func `a stop past its drain time fails the reader`() async throws {
        let (entered, seen, done) = (Gate(), Seen(), Gate())
        let router = router(1 << 20) { upload in
            do throws(HTTPUploadError) {
                while try await upload.next() != nil { entered.open() }
            } catch {
                seen.add(error.code)
            }
            done.open()
            return .text(200, "")
        }
        let server = try HTTPServer.start(router: router)
        let port = server.port
        let socket = await onThread {
            let socket = RawSocket.connect(port)
            socket?.send("PUT /up HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome")
            return socket
        }
        await entered.wait()
        await server.stop(drainingFor: .milliseconds(50))
        await done.wait()
        #expect(seen.all == ["http.upload_stopping"])
        #expect(socket != nil)
    }
}
