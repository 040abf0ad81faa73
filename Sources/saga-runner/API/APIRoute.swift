internal import Adapters
internal import SagaEngine

/// One route: what it takes, who may use it, what answers it. Router, OpenAPI document and tests read the same table.
struct APIRoute: Sendable {
    /// Who may use it.
    enum Access: Sendable, Equatable {
        /// Everybody who can reach the port.
        case open
        /// A counterparty whose signature is right.
        case signed
        /// An actor whose token has this role or a higher one.
        case role(Operator.Role)
    }

    /// What it takes as its body.
    enum Body: Sendable, Equatable {
        case none
        /// One JSON document of at most so many bytes.
        case json(limit: Int)
        /// A CSV file, read while it comes.
        case csv
        /// Bytes as they are.
        case raw(limit: Int)
    }

    /// A JSON body of the usual size, in bytes.
    static let usualBody = 1 << 20
    /// A JSON body that carries a document in base64, in bytes.
    static let documentBody = 3 << 20

    let method: HTTPMethod
    let path: String
    let access: Access
    let body: Body
    let summary: String
    /// The names of its query parameters.
    var query: [String] = []
    /// The members of its JSON body.
    var members: [String] = []
    /// The status of success.
    var success = 200
    /// Refuses a request by its head alone, whatever its body, by throwing.
    var judgeHead: (@Sendable (APICall) throws -> Void)?
    let handle: @Sendable (APICall) async throws -> APIReply

    /// Whether an `Idempotency-Key` is heeded.
    var isIdempotent: Bool {
        guard case .role = access, case .json = body else { return false }
        return method == .post
    }
}

/// A request that has passed authentication, with the daemon's parts.
struct APICall: Sendable {
    let request: HTTPServerRequest
    let service: Assembly
    /// Who asks; on open routes a viewer without a name.
    let actor: Operator

    /// A path parameter.
    func parameter(_ name: String) -> String { request.parameter(name) }
}

/// What a route answers.
enum APIReply: Sendable {
    /// Data, with the page it is when it is one.
    case data(JSONValue, page: APIPage? = nil, status: Int = 200)
    /// Something that is not the API's JSON.
    case raw(HTTPServerResponse)

    /// The answer.
    var response: HTTPServerResponse {
        switch self {
        case .data(let data, let page, let status):
            .json(status, JSONValue.fields(("data", data), ("page", page?.json)).bytes())
        case .raw(let response): response
        }
    }
}

/// Which part of a longer list an answer is.
struct APIPage: Sendable, Equatable {
    /// The page when nothing is asked for.
    static let standard = 50

    var offset: Int
    var limit: Int
    var total: Int?

    /// Reads `offset` and `limit`.
    init(_ request: HTTPServerRequest) throws {
        offset = try Self.number(request, "offset", in: 0...100_000_000) ?? 0
        limit = try Self.number(request, "limit", in: 1...SagaQuery.maximumLimit) ?? Self.standard
    }

    /// The same page, knowing how many there are in all.
    func of(_ total: Int) -> APIPage {
        var page = self
        page.total = total
        return page
    }

    var json: JSONValue {
        .fields(("offset", .count(offset)), ("limit", .count(limit)), ("total", total.map { .count($0) }))
    }

    /// A whole number of the query.
    static func number(_ request: HTTPServerRequest, _ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = request.query(name) else { return nil }
        // A sign or a leading zero is another spelling of the same number.
        guard let number = Int(text), "\(number)" == text, range.contains(number) else {
            throw APIFault.invalid("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
