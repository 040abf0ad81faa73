import Adapters
import SagaEngine
import Testing

@testable import saga_runner

@Suite struct OpenAPIAnswersTests {
    @Test func `every route says what it answers, and nothing else does`() async throws {
        let routes = APITable.routes(try await DaemonBench().config()).map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(OpenAPIAnswers.forms.map(\.route)) == Set(routes))
        #expect(OpenAPIAnswers.forms.count == routes.count)
    }

    @Test func `every schema that is named is there`() async throws {
        let document = OpenAPI.document(of: APITable.routes(try await DaemonBench().config()))
        let known = Set((document["components"]?["schemas"]?.objectValue ?? []).map(\.name))
        let named = Self.references(in: document)
        #expect(!named.isEmpty)
        #expect(named.subtracting(known) == [])
        #expect(known.subtracting(named) == [])
    }

    @Test func `what the routes answer is as the document says`() async throws {
        var bench = try DaemonBench(changes: ScheduleBench.changes)
        bench.schedulable = ScheduleBench.flows
        let routes = APITable.routes(try await bench.config())
        let document = OpenAPI.document(of: routes)
        try await bench.run { daemon in
            let client = try APIClient(daemon)
            let offering = SmallOffering(id: "SG-1", count: 2)
            let load = "/api/v1/offerings/SG-1"
            try await Self.check(client, .put, "\(load)/investors", Array(offering.investors.utf8), document, load)
            try await Self.check(
                client, .put, "\(load)/subscriptions", Array(offering.subscriptions.utf8), document, load)
            try await Self.check(client, .post, "\(load)/settlement", Array(offering.terms.utf8), document, load)
            _ = try await client.post("/api/v1/counterparties/bank/switch", ["off": false, "reason": "a test"])
            for path in [
                load, "/api/v1/sagas", "/api/v1/sagas/SG-1", "/api/v1/sagas/SG-1/journal",
                "/api/v1/sagas/SG-1/branches", "/api/v1/sagas/SG-1/books", "/api/v1/version", "/api/v1/summary",
                "/api/v1/notices", "/api/v1/prints", "/api/v1/counterparties", "/api/v1/runners", "/api/v1/schedules",
                "/api/v1/audit/head",
                "/api/v1/audit/export",
            ] {
                try await Self.check(client, .get, path, [], document, "SG-1")
            }
            try await Self.check(client, .post, "/api/v1/audit/verify", Array("{}".utf8), document, "")
            let dry = JSONValue.fields(("action", "retry"), ("where", "status=stuck"), ("dry_run", true))
            try await Self.check(client, .post, "/api/v1/sagas/bulk", dry.bytes(), document, "")
            await client.http.shutdown()
        }
    }

    private static func check(
        _ client: APIClient, _ method: HTTPMethod, _ path: String, _ body: [UInt8], _ document: JSONValue,
        _ id: String
    ) async throws {
        let answer = try await client.send(method, path, body)
        let pattern = path.replacing("SG-1", with: "{id}")
        let responses = document["paths"]?[pattern]?[method.rawValue.lowercased()]?["responses"]
        let schema = responses?["\(answer.status)"]?["content"]?["application/json"]?["schema"]
        let found = try #require(schema, "\(method.rawValue) \(path) answers \(answer.status): \(answer.body.text())")
        let faults = faults(in: answer.body, by: found, document, at: "\(method.rawValue) \(path)")
        #expect(faults == [])
    }

    /// What is wrong with a value, as far as our schemas go.
    private static func faults(in value: JSONValue, by schema: JSONValue, _ document: JSONValue, at place: String)
        -> [String]
    {
        if let name = schema["$ref"]?.stringValue?.split(separator: "/").last {
            let named = document["components"]?["schemas"]?[String(name)] ?? .null
            return faults(in: value, by: named, document, at: place)
        }
        switch schema["type"]?.stringValue {
        case "object":
            guard let members = value.objectValue else { return ["\(place) is no object"] }
            let required = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
            var found = required.filter { value[$0] == nil }.map { "\(place) lacks \($0)" }
            guard let known = schema["properties"] else { return found }
            for member in members {
                if let own = known[member.name] {
                    found += faults(in: member.value, by: own, document, at: "\(place).\(member.name)")
                } else {
                    found.append("\(place) has \(member.name), which is not described")
                }
            }
            return found
        case "array":
            guard let elements = value.arrayValue, let items = schema["items"] else { return ["\(place) is no list"] }
            return elements.flatMap { faults(in: $0, by: items, document, at: "\(place)[]") }
        case "string": return value.stringValue == nil ? ["\(place) is no text"] : []
        case "integer": return value.integerValue == nil ? ["\(place) is no whole number"] : []
        case "boolean": return value.boolValue == nil ? ["\(place) is no truth value"] : []
        default: return []
        }
    }

    private static func references(in value: JSONValue) -> Set<String> {
        if let members = value.objectValue {
            return members.reduce(into: []) { found, member in
                if member.name == "$ref", let name = member.value.stringValue?.split(separator: "/").last {
                    found.insert(String(name))
                }
                found.formUnion(references(in: member.value))
            }
        }
        return (value.arrayValue ?? []).reduce(into: []) { $0.formUnion(references(in: $1)) }
    }
}
