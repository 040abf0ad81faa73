internal import Adapters
internal import SagaEngine

/// Speaks to a running daemon over its API.
struct DaemonClient: Sendable {
    /// How long loading a file or verifying the whole audit chain may take.
    static let longTimeout = Duration.seconds(3_600)

    /// Where the daemon answers, such as `http://127.0.0.1:8080`.
    let address: String
    private let token: String?
    private let http: HTTPClient

    init(address: String, token: String?) throws {
        self.address = address
        self.token = token
        var configuration = HTTPClientConfiguration()
        configuration.responseLimit = 64 << 20
        // A large file is sent, and a long chain recomputed, before the first byte of an answer comes.
        configuration.firstByteTimeout = Self.longTimeout
        configuration.userAgent = "saga-runner-cli"
        http = try HTTPClient(configuration)
    }

    func get(_ path: APIPath) async throws -> Answer {
        try await answer(to: request(.get, path))
    }

    /// Asks for something to be done, under a key of its own: sent twice, it is done once.
    ///
    /// With patience, it is asked again under the same key while a runner works on the saga.
    func post(
        _ path: APIPath, _ body: JSONValue, timeout: Duration? = nil, whileBusy patience: BusyPatience? = nil
    ) async throws -> Answer {
        try await post(path, body.bytes(), timeout: timeout, whileBusy: patience)
    }

    func post(
        _ path: APIPath, _ body: [UInt8], timeout: Duration? = nil, whileBusy patience: BusyPatience? = nil
    ) async throws -> Answer {
        var request = request(.post, path)
        request.headers.add("Content-Type", "application/json")
        request.headers.add("Idempotency-Key", Adapters.Hex.encode(try SecureRandom.bytes(16)))
        request.body = body
        request.timeout = timeout
        guard let patience else { return try await answer(to: request) }
        let question = request
        return try await patience.ask { try await answer(to: question) }
    }

    /// Hands a file over, read as it is sent.
    func put(_ path: APIPath, csv file: String) async throws -> Answer {
        var request = request(.put, path)
        request.headers.add("Content-Type", "text/csv")
        request.bodyFile = file
        request.timeout = Self.longTimeout
        return try await answer(to: request)
    }

    private func request(_ method: HTTPMethod, _ path: APIPath) -> HTTPRequest {
        var headers: HTTPHeaders = ["Accept": "application/json"]
        if let token { headers.add("Authorization", "Bearer " + token) }
        return HTTPRequest(method: method, url: address + path.text, headers: headers)
    }

    /// Gets a document as it was kept, with the name it was brought under.
    func document(_ path: APIPath) async throws -> (name: String, content: [UInt8]) {
        let response = try await response(to: request(.get, path))
        guard response.status == 200 else {
            _ = try answer(in: response)
            throw CommandFailure(.failed, "\(address) answers \(response.status), and not with a document")
        }
        let name = DocumentName(disposition: response.headers["Content-Disposition"] ?? "")
        return (name?.text ?? "", response.body)
    }

    private func answer(to request: HTTPRequest) async throws -> Answer {
        try answer(in: try await response(to: request))
    }

    private func response(to request: HTTPRequest) async throws -> HTTPResponse {
        do {
            return try await http.execute(request)
        } catch {
            throw CommandFailure(.failed, failure(error))
        }
    }

    private func answer(in response: HTTPResponse) throws -> Answer {
        let body: JSONValue
        do {
            body = try JSONValue.parse(response.body, limits: CodecLimits(maxBytes: 64 << 20, maxDepth: 64))
        } catch {
            throw CommandFailure(.failed, "\(address) answers \(response.status), but not in JSON: is it a daemon?")
        }
        guard (200...299).contains(response.status) else { throw refusal(response, body) }
        return Answer(data: body["data"] ?? .null, page: body["page"])
    }

    private func failure(_ error: HTTPClientError) -> String {
        switch error {
        case .notSent: "no daemon answers at \(address) (\(error.code.rawValue)): is it running?"
        case .uncertain:
            "the daemon at \(address) gave no answer (\(error.code.rawValue)); it may have done what was asked: look"
        }
    }

    /// The codes of what was typed wrong, though only the daemon could tell.
    private static let wrongUsage = ["request.where", "action.invalid"]

    /// What an answer that is none means for the shell.
    private func refusal(_ response: HTTPResponse, _ body: JSONValue) -> CommandFailure {
        let error = body["error"] ?? .null
        let code = error["code"]?.stringValue
        let status: CommandStatus =
            switch response.status {
            case 400 where Self.wrongUsage.contains(code ?? ""): .wrongUsage
            case 404: .notFound
            case 401, 403, 409, 412, 428: .refused
            default: .failed
            }
        var message = error["message"]?.stringValue ?? "the daemon answers \(response.status)"
        if let code { message += " (\(code))" }
        switch response.status {
        case 401:
            message +=
                "; the token is in the file that \(ClientSettings.tokenFileVariable) names, or else where client.token "
                + "in the configuration says, or else in \(ClientSettings.tokenVariable)"
        case 503: message += "; try again in \(response.headers["Retry-After"] ?? "some") s"
        default: break
        }
        return CommandFailure(
            status, message, details: error["details"], code: code, requestID: error["request_id"]?.stringValue)
    }
}
