internal import Adapters
internal import SagaEngine

/// The sandbox's own routes: what went wrong so far, what shall, and where callbacks go.
struct SandboxAdmin: Sendable {
    private let address: String
    private let http: HTTPClient

    init(address: String) throws {
        self.address = address
        http = try HTTPClient()
    }

    /// How often each kind of fault has struck.
    func faults() async throws -> [(kind: String, count: Int64)] {
        var counts: [(kind: String, count: Int64)] = []
        for cell in try await send(.get, "/admin/faults").list("faults") {
            let kind = cell.text("kind")
            if let index = counts.firstIndex(where: { $0.kind == kind }) {
                counts[index].count += cell.integer("count")
            } else {
                counts.append((kind, cell.integer("count")))
            }
        }
        return counts
    }

    /// From now on nothing goes wrong.
    func quiet() async throws {
        _ = try await send(.delete, "/admin/faults")
    }

    /// Lets something go wrong for one reference, once.
    func add(_ kind: FaultKind, at verb: String, reference: String) async throws {
        let rule: JSONValue = [
            "kind": .string(kind.rawValue), "verbs": [.string(verb)], "references": [.string(reference)], "limit": 1,
        ]
        _ = try await send(.post, "/admin/faults", rule)
    }

    func redirect(to callback: String) async throws {
        _ = try await send(.put, "/admin/callback", ["address": .string(callback)])
    }

    /// What the custodian itself says about a reference.
    func statement(about reference: String) async throws -> String {
        try await send(.get, SandboxParty.custodian.collection + "/" + reference).text(.pretty) + "\n"
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let request = HTTPRequest(method: method, url: address + path, body: body?.bytes() ?? [])
        let response = try await http.execute(request)
        guard response.status == 200 else {
            throw CommandFailure(.failed, "the sandbox answers \(response.status) to \(method.rawValue) \(path)")
        }
        return try JSONValue.parse(response.body)
    }
}
