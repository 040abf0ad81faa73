import Adapters
import SagaEngine
import Testing

@testable import saga_runner

@Suite struct APITableTests {
    private static let actors: [(name: String, token: String?, role: Operator.Role?)] = [
        ("nobody", nil, nil), ("a stranger", "token-unknown", nil), ("viewer", "token-viewer", .viewer),
        ("operator", "token-operator", .operator), ("admin", "token-admin", .admin),
    ]

    @Test func `each role may do exactly what the table says, on every route`() async throws {
        let bench = try DaemonBench()
        let config = try await bench.config()
        try await bench.run { daemon in
            let desk = ServiceDesk()
            desk.open(daemon.assembly)
            for route in APITable.routes(config) {
                let door = APIDoor(
                    route: route, desk: desk, tokens: config.api.tokens, logger: daemon.assembly.logger, document: [],
                    keys: APIKeys())
                for actor in Self.actors {
                    var request = HTTPServerRequest(
                        method: route.method, path: route.path,
                        parameters: ["id": "NONE", "source": "none", "number": "999", "name": "none", "digest": "x"])
                    if let token = actor.token { request.headers.add("Authorization", "Bearer \(token)") }
                    let status = await door.answer(request).status
                    let what = "\(route.method.rawValue) \(route.path) by \(actor.name): \(status)"
                    switch route.access {
                    case .open, .signed: #expect(status != 401 && status != 403, "\(what)")
                    case .role(let least):
                        switch actor.role {
                        case nil: #expect(status == 401, "\(what)")
                        case let role? where role < least: #expect(status == 403, "\(what)")
                        case .some: #expect(status != 401 && status != 403, "\(what)")
                        }
                    }
                    #expect(status < 500, "\(what)")
                }
            }
        }
    }

    @Test func `what no route lists is not there`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            for path in ["/", "/api", "/api/v1", "/api/v1/nothing", "/api/v1/sagas/X/erase", "/webhooks", "/console"] {
                let answer = try await client.send(.get, path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.body["error"]?["request_id"]?.stringValue != nil)
                #expect(answer.headers["X-Request-Id"] != nil)
            }
            #expect(try await client.send(.delete, "/api/v1/sagas").status == 405)
            await client.http.shutdown()
        }
    }

    @Test func `the OpenAPI document and the routes are the same, both ways`() async throws {
        let bench = try DaemonBench()
        let routes = APITable.routes(try await bench.config())
        try await bench.run { daemon in
            var client = try APIClient(daemon)
            client.token = nil
            let document = try await client.send(.get, "/api/v1/openapi.json").body
            #expect(document["openapi"]?.stringValue == "3.1.0")
            var described: Set<String> = []
            for path in document["paths"]?.objectValue ?? [] {
                for operation in path.value.objectValue ?? [] {
                    described.insert("\(operation.name.uppercased()) \(path.name)")
                    #expect(operation.value["summary"]?.stringValue?.isEmpty == false)
                }
            }
            #expect(described == Set(routes.map { "\($0.method.rawValue) \($0.path)" }))
            // Whatever is described answers as something that is there.
            for route in routes {
                let path = route.path.split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }
                let answer = try await client.send(route.method, "/" + path.joined(separator: "/"))
                #expect(answer.body["error"]?["code"]?.stringValue != "http.not_found", "\(route.path)")
            }
            await client.http.shutdown()
        }
    }

    @Test func `an unknown parameter, member or page is refused`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            for query in ["stauts=stuck", "status=bad", "limit=501", "limit=0", "offset=-1", "where=status", "roots=1"]
            {
                let answer = try await client.send(.get, "/api/v1/sagas?\(query)")
                #expect(answer.status == 400, "\(query)")
            }
            let blank = try await client.post("/api/v1/sagas/X/retry", ["reason": " \n"])
            #expect(blank.status == 400, "a reason of spaces is none")
            let answer = try await client.post("/api/v1/sagas/X/retry", ["reason": "a", "because": "b"])
            #expect(answer.status == 400)
            await client.http.shutdown()
        }
    }

    @Test func `a parameter that is given twice is refused and named`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            for query in ["limit=1&limit=2", "status=stuck&roots=true&status=stuck"] {
                let answer = try await client.send(.get, "/api/v1/sagas?\(query)")
                #expect(answer.status == 400, "\(query)")
                let name = query.prefix { $0 != "=" }
                #expect(answer.body["error"]?["message"]?.stringValue?.hasPrefix("\(name) is given twice") == true)
            }
            #expect(try await client.send(.get, "/api/v1/sagas?limit=1&offset=1").status == 200)
            await client.http.shutdown()
        }
    }

    @Test func `a filter that names no flow or saga there is says so`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            func message(_ path: String) async throws -> String? {
                let answer = try await client.send(.get, path)
                #expect(answer.status == 404, "\(path)")
                return answer.body["error"]?["message"]?.stringValue
            }
            let flows = "there are investor-funding, investor-return, offering-settlement, unit-distribution"
            #expect(try await message("/api/v1/sagas?flow=offering") == "there is no flow offering; \(flows)")
            #expect(try await message("/api/v1/sagas?where=flow%3Dx") == "there is no flow x; \(flows)")
            for path in ["sagas?under=NOBODY", "notices?saga=NOBODY", "prints?saga=NOBODY"] {
                #expect(try await message("/api/v1/\(path)") == "there is no saga NOBODY")
            }
            #expect(try await client.get("/api/v1/sagas?flow=investor-funding") == [])
            let bulk = try await client.post(
                "/api/v1/sagas/bulk", ["action": "retry", "where": "flow=x", "dry_run": true])
            #expect(bulk.status == 404)
            await client.http.shutdown()
        }
    }

    @Test func `a reason that would show as another one is refused with the place`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let bodies: [(String, JSONValue)] = [
                ("counterparties/bank/switch", ["off": true, "reason": "for\u{202e}ever"]),
                (
                    "notices/import",
                    ["source": "bank", "headers": [], "body_base64": "", "reason": "for\u{202e}ever"]
                ),
            ]
            for (path, body) in bodies {
                let answer = try await client.post("/api/v1/\(path)", body)
                #expect(answer.status == 400, "\(path)")
                let message = answer.body["error"]?["message"]?.stringValue
                #expect(message?.contains("U+202E at character 4") == true, "\(path)")
            }
            #expect(try await client.get("/api/v1/prints") == [])
            await client.http.shutdown()
        }
    }

    @Test func `an original of an unknown source is refused with the sources there are`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let answer = try await client.post(
                "/api/v1/notices/import",
                ["source": "nobody", "headers": [], "body_base64": "e30gICAg", "reason": "lost"])
            #expect(answer.status == 404)
            #expect(answer.body["error"]?["code"]?.stringValue == "counterparty.not_found")
            #expect(
                answer.body["error"]?["message"]?.stringValue
                    == "no counterparty named nobody sends callbacks; those that do: bank, custodian")
            let prints = try await client.get("/api/v1/prints").arrayValue ?? []
            #expect(prints.map { $0["outcome"]?.stringValue } == ["unknown_source"])
            await client.http.shutdown()
        }
    }

    @Test func `the same key and body answer as before, another body does not`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let path = "/api/v1/counterparties/custodian/switch"
            let off: JSONValue = ["off": true, "reason": "maintenance"]
            let first = try await client.post(path, off, key: "k-1")
            #expect(first.status == 200)
            let second = try await client.send(.post, path, off.bytes(), headers: ["Idempotency-Key": "k-1"])
            #expect(second.status == 200)
            #expect(second.body == first.body)
            #expect(second.headers["Idempotent-Replay"] == "true")
            let other = try await client.post(path, ["off": false, "reason": "done"], key: "k-1")
            #expect(other.status == 409)
            #expect(other.body["error"]?["code"]?.stringValue == "idempotency.conflict")
            var admin = client
            admin.token = DaemonBench.tokens["admin"]
            #expect(try await admin.post(path, ["off": false, "reason": "done"], key: "k-1").status == 200)
            // One print for each that was carried out.
            let prints = try await client.get("/api/v1/prints")
            #expect(prints.arrayValue?.count == 2)
            await client.http.shutdown()
        }
    }

    @Test func `the same key and body with other parameters are another request, in another order the same`()
        async throws
    {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let offering = SmallOffering(id: "SG-1", count: 1)
            let digests = try await client.load(offering)
            let (investors, subscriptions) = ("investors=\(digests[0])", "subscriptions=\(digests[1])")
            @Sendable func settle(_ query: String, key: String) async throws -> (Int, String?, replayed: Bool) {
                let answer = try await client.send(
                    .post, "/api/v1/offerings/SG-1/settlement\(query)", Array(offering.terms.utf8),
                    headers: ["Idempotency-Key": key])
                let code = answer.body["error"]?["code"]?.stringValue
                return (answer.status, code, answer.headers["Idempotent-Replay"] == "true")
            }
            #expect(try await settle("?\(investors)&\(subscriptions)", key: "k-1") == (201, nil, false))
            let letter = try #require(digests[0].utf8.first)
            let encoded = "investors=%\(String(letter, radix: 16))\(digests[0].dropFirst())"
            for (one, other) in [(investors, subscriptions), (subscriptions, investors), (encoded, subscriptions)] {
                let query = "\(one)&\(other)"
                #expect(try await settle("?\(query)", key: "k-1") == (201, nil, true), "\(query)")
            }
            for query in ["", "?\(investors)", "?\(investors)&subscriptions=\(digests[0])"] {
                #expect(try await settle(query, key: "k-1") == (409, "idempotency.conflict", false), "\(query)")
            }
            // One value that reads like two parameters.
            #expect(try await settle("?investors=1%26subscriptions%3D2", key: "k-2") == (400, "request.invalid", false))
            #expect(try await settle("?investors=1%26subscriptions%3D2", key: "k-2") == (400, "request.invalid", true))
            let two = try await settle("?investors=1&subscriptions=2", key: "k-2")
            #expect(two == (409, "idempotency.conflict", false))
            await client.http.shutdown()
        }
    }

    @Test func `an answer that a program kept without parameters holds for a request without any`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let path = "/api/v1/counterparties/custodian/switch"
            let off: JSONValue = ["off": true, "reason": "maintenance"]
            let kept = AnswerBook.Question(
                actor: "operator-person", key: "k-1", route: "POST \(path)", body: SHA256Digest.hash(off.bytes()))
            try await daemon.assembly.answers.keep(kept, status: 200, body: Array(#"{"data":"as before"}"#.utf8))
            for address in [path, path + "?"] {
                let answer = try await client.send(.post, address, off.bytes(), headers: ["Idempotency-Key": "k-1"])
                #expect(answer.status == 200)
                #expect(answer.body["data"] == "as before")
            }
            await client.http.shutdown()
        }
    }

    @Test func `a switch holds over a restart`() async throws {
        let bench = try DaemonBench()
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            let answer = try await client.post(
                "/api/v1/counterparties/bank/switch", ["off": true, "reason": "maintenance"])
            #expect(answer.status == 200)
            await client.http.shutdown()
        }
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            let parties = try await client.get("/api/v1/counterparties").arrayValue ?? []
            #expect(
                parties.filter { $0["switched_off"]?.boolValue == true }.compactMap { $0["name"]?.stringValue } == [
                    "bank"
                ])
            await client.http.shutdown()
        }
    }

    @Test func `a bad row is refused with file, line and column, and nothing of the file shows`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let text = "subscription_id,investor_id,submitted_at,action,units\nS,I,2026-03-01T00:00:00Z,apply,1.5\n"
            let answer = try await client.send(.put, "/api/v1/offerings/SG-1/subscriptions", Array(text.utf8))
            #expect(answer.status == 422)
            #expect(answer.body["error"]?["code"]?.stringValue == "row.units")
            let details = try #require(answer.body["error"]?["details"])
            #expect(details["file"] == "subscriptions" && details["line"] == 2 && details["column"] == 5)
            #expect(details["more"] == 0)
            let row = try #require(details["rows"]?.arrayValue?.first)
            #expect(row["line"] == 2 && row["code"] == "row.units")
            let small = SmallOffering(id: "SG-1", count: 1)
            let settled = try await client.send(.post, "/api/v1/offerings/SG-1/settlement", Array(small.terms.utf8))
            #expect(settled.status == 409)
            #expect(settled.body["error"]?["code"]?.stringValue == "offering.not_loaded")
            await client.http.shutdown()
        }
    }

    @Test func `a settlement over files that somebody else has sent is refused`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let (own, other) = (SmallOffering(id: "SG-1", count: 1), SmallOffering(id: "SG-1", count: 2))
            let digests = try await client.load(own)
            _ = try await client.send(.put, "/api/v1/offerings/SG-1/investors", Array(other.investors.utf8))
            let path = "/api/v1/offerings/SG-1/settlement?investors=\(digests[0])&subscriptions=\(digests[1])"
            let refused = try await client.send(.post, path, Array(own.terms.utf8))
            #expect(refused.status == 409)
            #expect(refused.body["error"]?["code"]?.stringValue == "offering.replaced")
            let why = try #require(refused.body["error"]?["message"]?.stringValue)
            #expect(why.contains("other investors for offering SG-1"))
            let wrong = try await client.send(
                .post, "/api/v1/offerings/SG-1/settlement?investors=1", Array(own.terms.utf8))
            #expect(wrong.status == 400)
            #expect(try await client.send(.get, "/api/v1/offerings/SG-1", []).status == 404)
            _ = try await client.send(.put, "/api/v1/offerings/SG-1/investors", Array(own.investors.utf8))
            #expect(try await client.send(.post, path, Array(own.terms.utf8)).status == 201)
            await client.http.shutdown()
        }
    }

    @Test func `who hands in a second sale of a token is told of the first`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let first = SmallOffering(id: "SG-1", count: 1)
            #expect(try await client.settle(first) == 201)
            let second = SmallOffering(id: "SG-2", count: 1, token: "DABS-SG-1")
            for (part, text) in [("investors", second.investors), ("subscriptions", second.subscriptions)] {
                _ = try await client.send(.put, "/api/v1/offerings/SG-2/\(part)", Array(text.utf8))
            }
            let answer = try await client.send(.post, "/api/v1/offerings/SG-2/settlement", Array(second.terms.utf8))
            #expect(answer.status == 201)
            #expect(answer.body["data"]?["same_token_as"]?.stringValue == "SG-1")
            let again = try await client.send(.post, "/api/v1/offerings/SG-1/settlement", Array(first.terms.utf8))
            #expect(again.status == 200)
            #expect(again.body["data"]?["same_token_as"] == nil, "the first is held up by nobody")
            await client.http.shutdown()
        }
    }

    @Test func `metrics name no person and no secret, and parse line by line`() async throws {
        try await DaemonBench().run { daemon in
            let client = try APIClient(daemon)
            let page = try await client.http.execute(HTTPRequest(method: .get, url: daemon.address + "/metrics"))
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(text.contains("saga_runner_sagas{status=\"stuck\"} 0"))
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(line.split(separator: " ").count == 2 || line.contains("\""), "\(line)")
            }
            #expect(!text.contains("whsec_"))
            await client.http.shutdown()
        }
    }
}
