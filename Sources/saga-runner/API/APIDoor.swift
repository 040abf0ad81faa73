internal import Adapters
internal import SagaEngine

/// What every request of a route passes through: who asks, whether they may, whether it was answered before.
struct APIDoor: Sendable {
    let route: APIRoute
    let desk: ServiceDesk
    let tokens: TokenBook
    let logger: Logger
    let document: [UInt8]
    private let keys: APIKeys

    init(
        route: APIRoute, desk: ServiceDesk, tokens: TokenBook, logger: Logger, document: [UInt8], keys: APIKeys
    ) {
        self.route = route
        self.desk = desk
        self.tokens = tokens
        self.logger = logger
        self.document = document
        self.keys = keys
    }

    /// Refuses whoever is not known or may not, and what no body can mend, by the head alone: nothing of the body is
    /// taken in.
    func refusal(of request: HTTPServerRequest) -> HTTPServerResponse? {
        do {
            let actor = try actor(of: request)
            if let judge = route.judgeHead, let parts = desk.parts {
                try judge(APICall(request: request, service: parts, actor: actor))
            }
            return nil
        } catch {
            return finished(APIFault(error).response(requestID: request.requestID))
        }
    }

    /// Answers a request.
    func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let response: HTTPServerResponse
        do {
            response = try await admitted(request)
        } catch {
            let fault = APIFault(error)
            if fault.status >= 500, fault.status != 503 {
                logger.log(
                    "api.failed", .error,
                    [
                        "request_id": request.requestID, "route": route.path, "code": fault.code,
                        "type": "\(type(of: error))",
                    ])
            }
            response = fault.response(requestID: request.requestID)
        }
        return finished(response)
    }

    /// Adds what all answers have, and counts it.
    private func finished(_ answer: HTTPServerResponse) -> HTTPServerResponse {
        var response = answer
        response.headers.set("Cache-Control", "no-store")
        desk.parts?.metrics.count(
            "saga_runner_requests_total", "Requests by route and status.",
            ["method": route.method.rawValue, "route": route.path, "status": "\(response.status)"])
        return response
    }

    private func admitted(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        if route.path == OpenAPI.path { return .json(200, document) }
        let actor = try actor(of: request)
        for item in request.query where !route.query.contains(item.name) {
            let known = route.query.isEmpty ? "it takes none" : "there are \(route.query.joined(separator: ", "))"
            throw APIFault.invalid("\(item.name.prefix(60)) is no parameter here; \(known)")
        }
        for (index, item) in request.query.enumerated() {
            // Which of two values counts is nobody's to guess.
            guard request.query[..<index].allSatisfy({ $0.name != item.name }) else {
                throw APIFault.invalid("\(item.name) is given twice; give each parameter once")
            }
        }
        if let health = HealthRoutes.answerWithoutParts(route, desk) { return health }
        guard let parts = desk.parts else { throw APIFault.away }
        let call = APICall(request: request, service: parts, actor: actor)
        guard route.isIdempotent, let key = request.headers["Idempotency-Key"] else {
            return try await route.handle(call).response
        }
        return try await once(call, key: key)
    }

    /// Who asks.
    private func actor(of request: HTTPServerRequest) throws -> Operator {
        guard case .role(let least) = route.access else { return Operator(name: "", role: .viewer) }
        let given = request.headers.all("Authorization")
        guard given.count == 1, let token = Self.token(given[0]) else {
            throw APIFault(401, "auth.missing", "give a token: Authorization: Bearer TOKEN")
        }
        guard let actor = tokens.actor(for: token) else {
            throw APIFault(
                401, "auth.unknown",
                "this token is not in the token file as it was read when the daemon started; "
                    + "restart the daemon after editing it")
        }
        guard actor.role >= least else {
            throw APIFault(
                403, "auth.forbidden", "this needs the role \(least.rawValue); \(actor.name) is \(actor.role.rawValue)")
        }
        return actor
    }

    private static func token(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    // MARK: Idempotency

    private func once(_ call: APICall, key: String) async throws -> HTTPServerResponse {
        guard (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw APIFault.invalid("Idempotency-Key must be 1 to 128 printable ASCII characters without spaces")
        }
        let question = AnswerBook.Question(
            actor: call.actor.name, key: key, route: asked(call.request), body: SHA256Digest.hash(call.request.body))
        guard keys.take(question) else {
            throw APIFault(
                409, "idempotency.in_progress", "the first request with this key is still under way", retryAfter: 1)
        }
        defer { keys.giveBack(question) }
        switch try await call.service.answers.recall(question) {
        case .answered(let status, let body):
            var response = HTTPServerResponse.json(status, body)
            response.headers.add("Idempotent-Replay", "true")
            return response
        case .conflict:
            throw APIFault(409, "idempotency.conflict", "this key was used for another request; take a new one")
        case .unknown: break
        }
        let response: HTTPServerResponse
        do {
            response = try await route.handle(call).response
        } catch {
            let fault = APIFault(error)
            response = fault.response(requestID: call.request.requestID)
            // Kept, it would be the answer for a day, however often the key is tried again.
            if fault.passes { return response }
        }
        if response.status < 500 {
            try await call.service.answers.keep(question, status: response.status, body: response.body)
        }
        return response
    }

    /// What is asked of which place, whatever the order of the parameters. They are encoded again, so that no value
    /// reads as two of them; without any it is what was kept before parameters counted.
    private func asked(_ request: HTTPServerRequest) -> String {
        let place = "\(route.method.rawValue) \(request.path)"
        guard !request.query.isEmpty else { return place }
        let pairs = request.query.map { "\(APIPath.encoded($0.name))=\(APIPath.encoded($0.value))" }
        return "\(place)?\(pairs.sorted().joined(separator: "&"))"
    }
}

/// The idempotency keys of requests that are being answered just now.
final class APIKeys: Sendable {
    private struct Name: Hashable {
        let actor: String
        let key: String
    }

    private let underWay = Locked<Set<Name>>([])

    /// Takes a key; `false` when another request has it.
    func take(_ question: AnswerBook.Question) -> Bool {
        underWay.withLock { $0.insert(Name(actor: question.actor, key: question.key)).inserted }
    }

    func giveBack(_ question: AnswerBook.Question) {
        underWay.withLock { _ = $0.remove(Name(actor: question.actor, key: question.key)) }
    }
}
