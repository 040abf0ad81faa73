import Adapters
import SagaEngine
import Testing

@testable import saga_runner

/// Speaks to a daemon as a person with a token would.
struct APIClient: Sendable {
    let address: String
    let http: HTTPClient
    var token: String? = DaemonBench.tokens["operator"]

    init(_ daemon: Daemon) throws {
        address = daemon.address
        http = try HTTPClient()
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8] = [], headers: HTTPHeaders = [:]
    ) async throws -> (status: Int, body: JSONValue, headers: HTTPHeaders) {
        var request = HTTPRequest(method: method, url: address + path, headers: headers, body: body)
        if let token { request.headers.add("Authorization", "Bearer \(token)") }
        let response = try await http.execute(request)
        return (response.status, SagaJSON.json(response.body), response.headers)
    }

    func get(_ path: String) async throws -> JSONValue {
        let answer = try await send(.get, path)
        #expect(answer.status == 200, "\(path): \(answer.body.text())")
        return answer.body["data"] ?? .null
    }

    func post(_ path: String, _ body: JSONValue, key: String? = nil) async throws -> (status: Int, body: JSONValue) {
        let answer = try await send(
            .post, path, body.bytes(), headers: key.map { ["Idempotency-Key": $0] } ?? [:])
        return (answer.status, answer.body)
    }

    /// Loads an offering; answers with the digests of its investors and of its subscriptions.
    func load(_ offering: SmallOffering) async throws -> [String] {
        var digests: [String] = []
        for (part, text) in [("investors", offering.investors), ("subscriptions", offering.subscriptions)] {
            let answer = try await send(
                .put, "/api/v1/offerings/\(offering.id)/\(part)", Array(text.utf8),
                headers: ["Content-Type": "text/csv"])
            #expect(answer.status == 200, "\(answer.body.text())")
            digests.append(try #require(answer.body["data"]?["digest"]?.stringValue))
        }
        return digests
    }

    /// Loads an offering and submits its settlement; answers with the last status.
    func settle(_ offering: SmallOffering) async throws -> Int {
        _ = try await load(offering)
        return try await send(.post, "/api/v1/offerings/\(offering.id)/settlement", Array(offering.terms.utf8)).status
    }
}

/// An offering of a few investors, as files.
struct SmallOffering {
    let id: String
    let investors: String
    private(set) var subscriptions: String
    let terms: String

    init(id: String = "SG-SMALL-1", count: Int, token: String? = nil) {
        self.id = id
        var investors =
            "investor_id,name,email,escrow_account,deposit_account,token_account,token_address,bank_account,bank_bic\n"
        var subscriptions = "subscription_id,investor_id,submitted_at,action,units\n"
        for number in 1...count {
            let place = String(1_000 + number).dropFirst()
            investors += "INV-\(number),Person \(number),p\(number)@example.test,ESC-\(number),DEP-\(number),"
            investors += "TOK-\(number),0x\(String(repeating: "0", count: 36))A\(place),SG\(number),TESTSGSG\n"
            subscriptions += "SUB-\(number),INV-\(number),2026-03-01T00:00:00.\(place)Z,apply,\(number + 3)\n"
        }
        self.investors = investors
        self.subscriptions = subscriptions
        terms = """
            {"offering_id": "\(id)", "name": "Small", "currency": "SGD", "unit_price": "2520.00",
             "units_offered": \(count * 4), "minimum_units": 1, "issuer_account": "ISS-1", "treasury_account": "TRE-1",
             "token_asset": "\(token ?? "DABS-\(id)")", "refund_to": "deposit", "closes_at": "2026-03-16T09:00:00Z",
             "allotment_at": "2026-03-18T02:00:00Z", "time_zone": "Asia/Singapore"}
            """
    }

    /// The same with another log.
    func with(subscriptions: String) -> SmallOffering {
        var other = self
        other.subscriptions = subscriptions
        return other
    }

    /// Puts the files where a sandbox finds them.
    func write(into folder: ScratchFolder) throws -> String {
        try folder.write("\(id)/offering.json", terms)
        try folder.write("\(id)/investors.csv", investors)
        try folder.write("\(id)/subscriptions.csv", subscriptions)
        return "\(folder.path)/\(id)"
    }
}
