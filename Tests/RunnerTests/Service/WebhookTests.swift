import Adapters
import SagaEngine
import SagaTestKit
import Testing

@testable import saga_runner

@Suite struct WebhookTests {
    private static let body = Array(
        (#"{"reference":"SG-1:mint~0","operation":"mint","asset":"D","amount":"5","to":"T","id":"c1","#
            + #""state":"settled","occurred_at":"2026-03-18T02:00:00.000Z"}"#).utf8)

    private static func signer(_ keyID: String? = "k1", secret: String = DaemonBench.secretText) throws
        -> StandardWebhooks
    {
        StandardWebhooks(secrets: [try WebhookSecret(secret, keyID: keyID)])
    }

    private static func now() -> Int64 { SystemClock().now().milliseconds / 1_000 }

    private func door(_ daemon: Daemon, _ config: RunnerConfig) throws -> APIDoor {
        let desk = ServiceDesk()
        desk.open(daemon.assembly)
        let route = try #require(WebhookRoutes.all(config).first)
        return APIDoor(
            route: route, desk: desk, tokens: config.api.tokens, logger: daemon.assembly.logger, document: [],
            keys: APIKeys())
    }

    private func request(_ headers: HTTPHeaders, _ body: [UInt8], source: String = "custodian") -> HTTPServerRequest {
        HTTPServerRequest(
            method: .post, path: "/webhooks/\(source)", parameters: ["source": source], headers: headers, body: body)
    }

    @Test func `a good one is stored and acknowledged once, whatever the repetitions`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let headers = try Self.signer().sign(id: "n1", timestamp: Self.now(), body: Self.body)
            for _ in 1...3 {
                #expect(try await client.send(.post, "/webhooks/custodian", Self.body, headers: headers).status == 200)
            }
            let notices = try await client.get("/api/v1/notices").arrayValue ?? []
            #expect(notices.count == 1)
            #expect(notices.first?["standing"]?.stringValue == "orphan")
            #expect(notices.first?["reference"]?.stringValue == "SG-1:mint~0")
            await client.http.shutdown()
        }
    }

    @Test func `a list leaves the bodies behind, and one notice has its body and its saga`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let odd: [UInt8] = [0xff, 0x1b, 0x5b]
            for (id, body) in [("n1", Self.body), ("n2", odd)] {
                let headers = try Self.signer().sign(id: id, timestamp: Self.now(), body: body)
                #expect(try await client.send(.post, "/webhooks/custodian", body, headers: headers).status == 200)
            }
            let list = try await client.get("/api/v1/notices").arrayValue ?? []
            #expect(list.count == 2)
            for member in ["body", "body_base64", "body_sha256"] {
                #expect(list.allSatisfy { $0[member] == nil }, "\(member)")
            }
            #expect(list.last?["operation"]?.stringValue == "mint")
            let one = try await client.get("/api/v1/notices/1")
            #expect(one["body"]?.stringValue == String(decoding: Self.body, as: UTF8.self))
            #expect(one["body_sha256"]?.stringValue == SHA256Digest().hex(Self.body))
            let two = try await client.get("/api/v1/notices/2")
            #expect(two["body"] == nil)
            #expect(two["body_base64"]?.stringValue == Base64.encode(odd))
            await client.http.shutdown()
        }
    }

    @Test func `no single flipped bit of body, signature, id or time is taken`() async throws {
        let bench = try DaemonBench()
        let config = try await bench.config()
        try await bench.run { daemon in
            let door = try door(daemon, config)
            let headers = try Self.signer(nil).sign(id: "n1", timestamp: Self.now(), body: Self.body)
            for index in Self.body.indices {
                for bit in 0..<8 {
                    var body = Self.body
                    body[index] ^= 1 << bit
                    #expect(await door.answer(request(headers, body)).status == 401)
                }
            }
            for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
                let value = Array((headers[name] ?? "").utf8)
                for index in value.indices {
                    for bit in 0..<7 {
                        var forged = value
                        forged[index] ^= 1 << bit
                        var changed = headers
                        changed.set(name, String(decoding: forged, as: UTF8.self))
                        let status = await door.answer(request(changed, Self.body)).status
                        #expect(status == 401, "\(name), byte \(index), bit \(bit)")
                    }
                }
            }
            let kept = try await daemon.assembly.store.noticeCounts()
            #expect(kept == [:])
        }
    }

    @Test func `what fails only by its age or its key is put aside and answered with 401`() async throws {
        let bench = try DaemonBench()
        let config = try await bench.config()
        try await bench.run { daemon in
            let door = try door(daemon, config)
            let old = try Self.signer().sign(id: "n1", timestamp: Self.now() - 3_600, body: Self.body)
            #expect(await door.answer(request(old, Self.body)).status == 401)
            let other = "whsec_" + Base64.encode([UInt8](repeating: 7, count: 32))
            let foreign = try Self.signer("k2", secret: other).sign(id: "n2", timestamp: Self.now(), body: Self.body)
            #expect(await door.answer(request(foreign, Self.body)).status == 401)
            #expect(try await daemon.assembly.store.noticeCounts() == [.quarantined: 2])
            // The same again, fresh and well signed, leaves the quarantine: nothing is lost, and nothing doubled.
            let fresh = try Self.signer().sign(id: "n1", timestamp: Self.now(), body: Self.body)
            #expect(await door.answer(request(fresh, Self.body)).status == 200)
            #expect(try await daemon.assembly.store.noticeCounts() == [.quarantined: 1, .orphan: 1])
        }
    }

    @Test func `the quarantine is bounded and an honest sender passes it by`() async throws {
        let bench = try DaemonBench()
        let config = try await bench.config()
        try await bench.run { daemon in
            let door = try door(daemon, config)
            let other = "whsec_" + Base64.encode([UInt8](repeating: 7, count: 32))
            let stranger = try Self.signer("k2", secret: other)
            for number in 0..<(NewNotice.unknownKeyLimit + 20) {
                let headers = try stranger.sign(id: "q\(number)", timestamp: Self.now(), body: Self.body)
                #expect(await door.answer(request(headers, Self.body)).status == 401)
            }
            #expect(try await daemon.assembly.store.noticeCounts() == [.quarantined: NewNotice.unknownKeyLimit])
            // The flood keeps out neither a callback that was only late, nor those of another counterparty.
            let late = try Self.signer().sign(id: "late", timestamp: Self.now() - 3_600, body: Self.body)
            #expect(await door.answer(request(late, Self.body)).status == 401)
            let foreign = try stranger.sign(id: "q1", timestamp: Self.now(), body: Self.body)
            #expect(await door.answer(request(foreign, Self.body, source: "bank")).status == 401)
            #expect(try await daemon.assembly.store.noticeCounts() == [.quarantined: NewNotice.unknownKeyLimit + 2])
            let good = try Self.signer().sign(id: "q1", timestamp: Self.now(), body: Self.body)
            #expect(await door.answer(request(good, Self.body)).status == 200)
        }
    }

    @Test func `bodies without end under one id fill a small shelf, and what comes then is told so`() async throws {
        let bench = try DaemonBench()
        let log = try LogPipe(level: .warning)
        try await bench.run(log) { daemon in
            let client = try APIClient(daemon)
            let limit = NewNotice.otherBodyLimit
            for number in 0...limit + 2 {
                let body = Self.body + [UInt8](repeating: 0x20, count: number)
                let headers = try Self.signer().sign(id: "n1", timestamp: Self.now(), body: body)
                let answer = try await client.send(.post, "/webhooks/custodian", body, headers: headers)
                #expect(answer.status == (number <= limit ? 200 : 503))
                guard number > limit else { continue }
                #expect(answer.headers["Retry-After"] == "600")
                #expect(answer.body["error"]?["code"]?.stringValue == "webhook.full")
            }
            #expect(try await daemon.assembly.store.noticeCounts() == [.orphan: 1, .conflicting: limit])
            let lines = await log.next(limit + 1)
            #expect(lines.last?["event"]?.stringValue == "notice.full")
            #expect(lines.last?["remedy"]?.stringValue?.contains("notices bind") == true)
            let metrics = try await client.http.execute(
                HTTPRequest(method: .get, url: daemon.address + "/metrics"))
            let text = String(decoding: metrics.body, as: UTF8.self)
            #expect(text.contains(#"saga_runner_notices_full_total{source="custodian"} 2"#))
            await client.http.shutdown()
        }
    }

    @Test func `a wrong secret is one warning a minute, which counts and names the key to look at`() async throws {
        let bench = try DaemonBench()
        let config = try await bench.config()
        let log = try LogPipe(level: .warning)
        let clock = SimulatedClock()
        try await bench.run(log, clock: clock) { daemon in
            let door = try door(daemon, config)
            let stranger = try Self.signer(nil, secret: "whsec_" + Base64.encode([UInt8](repeating: 7, count: 32)))
            func send() async throws {
                let time = clock.now().milliseconds / 1_000
                let headers = try stranger.sign(id: "n1", timestamp: time, body: Self.body)
                #expect(await door.answer(request(headers, Self.body)).status == 401)
            }
            for _ in 0..<500 { try await send() }
            #expect(await door.answer(request(HTTPHeaders(), Self.body)).status == 401, "noise of another kind")
            clock.advance(by: .minutes(1))
            try await send()
            let lines = await log.next(3)
            #expect(lines.map { $0["event"]?.stringValue } == Array(repeating: "webhook.refused", count: 3))
            #expect(
                lines.map { $0["code"]?.stringValue } == [
                    "webhook.signature_mismatch", "webhook.id_header", "webhook.signature_mismatch",
                ])
            #expect(lines.map { $0["count"]?.integerValue } == [1, 1, 500])
            #expect(
                lines[0]["remedy"]?.stringValue?.contains("counterparties.custodian.webhook.secrets") == true)
        }
    }

    @Test func `an unknown source, an oversized body and a naked one are refused`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let large = [UInt8](repeating: 0x20, count: 70 << 10)
            let headers = try Self.signer().sign(id: "n1", timestamp: Self.now(), body: large)
            #expect(try await client.send(.post, "/webhooks/custodian", large, headers: headers).status == 413)
            #expect(try await client.send(.post, "/webhooks/nobody", Self.body, headers: headers).status == 404)
            #expect(try await client.send(.post, "/webhooks/blockchain", Self.body, headers: headers).status == 404)
            #expect(try await client.send(.post, "/webhooks/custodian", Self.body).status == 401)
            await client.http.shutdown()
        }
    }

    @Test func `what no body can mend is refused by its head, and the connection ends`() async throws {
        let log = try LogPipe(level: .warning)
        try await DaemonBench().run(log) { daemon in
            let call = RawCall(daemon.address)
            func send(_ source: String, _ headers: [String], within milliseconds: Int32 = 5_000) async -> String? {
                let head = [
                    "POST /webhooks/\(source) HTTP/1.1", "Host: x", "Content-Length: 100000",
                ]
                let text = (head + headers).map { $0 + "\r\n" }.joined() + "\r\n{"
                return await call.answer(to: text, within: milliseconds)
            }
            let (id, time) = ("webhook-id: n1", "webhook-timestamp: 1")
            let signature = "webhook-signature: v1," + Base64.encode([UInt8](repeating: 1, count: 32))
            for headers in [
                [], [id, time], [time, signature], [id, "webhook-timestamp: soon", signature],
                [id, time, "webhook-signature: v1,abc"], [id, time, "webhook-signature: soon"],
            ] {
                let answer = try #require(await send("custodian", headers), "\(headers)")
                #expect(answer.hasPrefix("HTTP/1.1 401"), "\(headers)")
                #expect(answer.contains("Connection: close"))
                #expect(answer.contains("webhook.refused"))
            }
            #expect(await send("nobody", [id, time, signature])?.hasPrefix("HTTP/1.1 404") == true)
            // Whether the signature is right, and whether the key is one that is to come, only the body tells.
            #expect(await send("custodian", [id, time, signature], within: 100) == nil)
            let stranger = [id, time, "webhook-signature: v2,a", "webhook-key-id: k9"]
            #expect(await send("custodian", stranger, within: 100) == nil)
            let lines = await log.next(5)
            #expect(lines.allSatisfy { $0["event"]?.stringValue == "webhook.refused" })
            #expect(lines.first?["code"]?.stringValue == "webhook.id_header")
        }
    }

    /// Whether readiness was seen to be false. A small commit may still succeed between two that do not, and the store
    /// is rightly taken for ready then, so this looks more than once.
    private func isUnready(_ client: APIClient, after filler: [UInt8]) async throws -> Bool {
        for number in 0..<50 {
            let headers = try Self.signer().sign(id: "u\(number)", timestamp: Self.now(), body: filler)
            #expect(try await client.send(.post, "/webhooks/custodian", filler, headers: headers).status == 503)
            if try await client.send(.get, "/readyz").status == 503 { return true }
        }
        return false
    }

    /// A small write may have gone through while the store was full, too, so that recovery was noted before there was
    /// room: what counts is that the daemon ends up ready.
    private func isReadyAgain(_ client: APIClient) async throws -> Bool {
        for _ in 0..<5_000 {
            if try await client.send(.get, "/readyz").status == 200 { return true }
        }
        return false
    }

    @Test func `a full store is answered with 503, and work goes on once there is room`() async throws {
        let bench = try DaemonBench()
        let log = try LogPipe(level: .info)
        try await bench.run(log) { daemon in
            let client = try APIClient(daemon)
            let store = daemon.assembly.store
            let pages = try await store.write(.bulk) { connection in
                try connection.firstRow("PRAGMA page_count") { $0.int64(0) } ?? 0
            }
            try await store.write(.bulk) { try $0.execute("PRAGMA max_page_count = \(pages)") }
            var last = 200
            var number = 0
            let filler =
                Array(#"{"reference":"r","pad":""#.utf8) + [UInt8](repeating: 0x61, count: 32 << 10)
                + Array(#""}"#.utf8)
            while last == 200, number < 200 {
                number += 1
                let headers = try Self.signer().sign(id: "f\(number)", timestamp: Self.now(), body: filler)
                let answer = try await client.send(.post, "/webhooks/custodian", filler, headers: headers)
                last = answer.status
                if last == 503 { #expect(answer.headers["Retry-After"] != nil) }
            }
            #expect(last == 503)
            #expect(try await isUnready(client, after: filler))
            #expect(try await client.send(.get, "/healthz").status == 200)
            try await store.write(.bulk) { try $0.execute("PRAGMA max_page_count = 1000000") }
            await log.wait(for: "store.recovered")
            #expect(try await isReadyAgain(client))
            let headers = try Self.signer().sign(id: "f\(number)", timestamp: Self.now(), body: filler)
            #expect(try await client.send(.post, "/webhooks/custodian", filler, headers: headers).status == 200)
            #expect(try await client.get("/api/v1/notices?limit=500").arrayValue?.count == number)
            await client.http.shutdown()
        }
    }

    @Test func `metrics are answered while the store is away, and say so`() async throws {
        let bench = try DaemonBench()
        let config = try await bench.config()
        // The parts of a daemon that has ended: their store is closed, and nobody works on it any more.
        let assembly = try await bench.run { $0.assembly }
        let desk = ServiceDesk()
        desk.open(assembly)
        func answer(_ path: String) async throws -> (status: Int, text: String) {
            let route = try #require(APITable.routes(config).first { $0.path == path })
            let door = APIDoor(
                route: route, desk: desk, tokens: config.api.tokens, logger: assembly.logger, document: [],
                keys: APIKeys())
            let response = await door.answer(HTTPServerRequest(method: .get, path: path))
            return (response.status, String(decoding: response.body, as: UTF8.self))
        }
        #expect(try await answer("/readyz") == (503, "the store cannot be read\n"))
        #expect(try await answer("/healthz").status == 200)
        let metrics = try await answer("/metrics")
        #expect(metrics.status == 200)
        let lines = metrics.text.split(separator: "\n")
        #expect(lines.contains("saga_runner_store_readable 0"))
        #expect(lines.contains { $0.hasPrefix("saga_runner_active ") }, "what needs no store is there")
        #expect(!metrics.text.contains("saga_runner_sagas"), "no count is given for what could not be counted")
    }
}
