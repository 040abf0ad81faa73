internal import SagaEngine

/// Reads a sandbox counterparty's books back over HTTP, page by page: for closing, reconciliation and the demo.
public struct SandboxBooksReader: Sendable {
    private let party: CounterpartyName
    private let http: HTTPClient
    private let root: String
    private let collection: String
    private let lookup: String

    /// Reads the custodian's, the bank's or the chain's books.
    ///
    /// - Parameters:
    ///   - party: whose.
    ///   - address: the sandbox's own, without a path.
    ///   - http: the client that calls it.
    public init(of party: SandboxParty, address: String, http: HTTPClient) {
        self.party = CounterpartyName(rawValue: party.rawValue)
        self.http = http
        root = address + party.root
        collection = address + party.collection
        lookup = address + party.lookup
    }

    /// A page of accounts behind a name; `next` is `nil` at the end.
    public func accounts(
        after name: String? = nil, limit: Int = SandboxDialect.pageLimit
    ) async throws(SandboxReadError) -> (page: [SandboxAccount], next: String?) {
        let body = try await get(root + "/balances", name, limit)
        do { return try SandboxDialect.accounts(body) } catch { throw SandboxReadError(party, .dialect(error)) }
    }

    /// A page of orders behind a place; `next` is `nil` at the end. What is known by reference may not be listed yet.
    public func records(
        after place: String? = nil, limit: Int = SandboxDialect.pageLimit
    ) async throws(SandboxReadError) -> (page: [SandboxRecord], next: String?) {
        let body = try await get(collection, place, limit)
        do { return try SandboxDialect.records(body) } catch { throw SandboxReadError(party, .dialect(error)) }
    }

    /// A page of the orders whose references are of a family; the same otherwise.
    public func records(
        under family: String, after place: String?
    ) async throws(SandboxReadError) -> (page: [SandboxRecord], next: String?) {
        let body = try await get(collection, place, SandboxDialect.pageLimit, "&under=" + Self.escaped(family))
        do { return try SandboxDialect.records(body) } catch { throw SandboxReadError(party, .dialect(error)) }
    }

    /// What is known about some references, in any order; one that is not known has no record.
    public func records(of references: [String]) async throws(SandboxReadError) -> [SandboxRecord] {
        var request = HTTPRequest(method: .post, url: lookup, body: SandboxDialect.lookup(references))
        request.headers.add("Content-Type", "application/json")
        let body = try await send(request)
        do { return try SandboxDialect.records(body).page } catch { throw SandboxReadError(party, .dialect(error)) }
    }

    private func get(
        _ url: String, _ after: String?, _ limit: Int, _ filter: String = ""
    ) async throws(SandboxReadError) -> [UInt8] {
        let place = after.map { "&after=" + Self.escaped($0) } ?? ""
        return try await send(HTTPRequest(method: .get, url: "\(url)?limit=\(limit)\(place)\(filter)"))
    }

    private func send(_ request: HTTPRequest) async throws(SandboxReadError) -> [UInt8] {
        let response: HTTPResponse
        do {
            response = try await http.execute(request)
        } catch {
            throw SandboxReadError(party, .http(error))
        }
        guard response.status == 200 else { throw SandboxReadError(party, .status(response.status)) }
        return response.body
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isUnreserved =
                (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
                || "-._~".utf8.contains(byte)
            return isUnreserved ? String(Unicode.Scalar(byte)) : "%" + Hex.encode([byte]).uppercased()
        }.joined()
    }
}
