internal import SagaEngine

/// Calls one counterparty of the sandbox over HTTP and reports what came back, unjudged.
struct SandboxCaller: Sendable {
    let http: HTTPClient
    /// The address up to and with the collection: `http://127.0.0.1:8099/custody/v1/instructions`.
    let collection: String

    func put(_ request: WireRequest) async -> SandboxExchange {
        await send(.put, "/\(request.reference)", request.body)
    }

    func get(_ reference: String) async -> SandboxExchange {
        await send(.get, "/\(reference)", [])
    }

    func resendNotice(_ reference: String) async -> SandboxExchange {
        await send(.post, "/\(reference)/resend-notice", [])
    }

    func post(_ body: [UInt8]) async -> SandboxExchange {
        await send(.post, "", body)
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: [UInt8]) async -> SandboxExchange {
        let started = ContinuousClock.now
        var request = HTTPRequest(method: method, url: collection + path, body: body)
        if !body.isEmpty { request.headers.add("Content-Type", "application/json") }
        do {
            let response = try await http.execute(request)
            return .answered(
                SandboxAnswer(
                    status: response.status, retryAfter: Self.retryAfter(response.headers), body: response.body,
                    latency: Self.span(response.elapsed)))
        } catch {
            let latency = Self.span(ContinuousClock.now - started)
            switch error {
            case .notSent(let code): return .notSent(code: code.rawValue, latency: latency)
            case .uncertain(let code): return .uncertain(code: code.rawValue, latency: latency)
            }
        }
    }

    /// `Retry-After` in seconds (RFC 9110 §10.2.3); the dialect does not use the form with a date. At most a day.
    static func retryAfter(_ headers: HTTPHeaders) -> Span? {
        guard let text = headers["Retry-After"], (1...6).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(text)
        else { return nil }
        return .seconds(min(seconds, 86_400))
    }

    private static func span(_ duration: Duration) -> Span { .milliseconds(Int64(duration.milliseconds)) }
}
