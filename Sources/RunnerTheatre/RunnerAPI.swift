package import Adapters
package import SagaEngine

/// What an operator asks of a running daemon, over HTTP.
package struct RunnerAPI: Sendable {
    package let address: String
    package let http: HTTPClient

    /// A saga as the API shows it.
    package struct Seen {
        package let status: String
        package let stuck: Int
        package let text: String
    }

    package func ask(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8] = [], type: String = "application/json",
        timeout: Duration = .seconds(30)
    ) async throws(HTTPClientError) -> HTTPResponse {
        var request = HTTPRequest(method: method, url: address + path, body: body, timeout: timeout)
        request.headers.add("Authorization", "Bearer \(Theatre.token)")
        if !body.isEmpty { request.headers.add("Content-Type", type) }
        return try await http.execute(request)
    }

    /// Loads and submits an offering, and answers with the status of the submission; each of the three requests may
    /// take so long.
    package func settle(_ offering: MadeUpOffering, timeout: Duration = .seconds(30)) async throws -> Int {
        for part in ["investors", "subscriptions"] {
            let answer = try await ask(
                .put, "/api/v1/offerings/\(offering.id)/\(part)", try offering.file("\(part).csv"), type: "text/csv",
                timeout: timeout)
            guard answer.status == 200 else { throw Self.unexpected("loading \(part)", answer) }
        }
        let answer = try await ask(
            .post, "/api/v1/offerings/\(offering.id)/settlement", try offering.file("offering.json"), timeout: timeout)
        guard answer.status == 201 || answer.status == 200 else { throw Self.unexpected("settling", answer) }
        return answer.status
    }

    package func saga(_ id: String) async throws -> Seen {
        let data = try await detail(of: id)
        return Seen(
            status: data?["status"]?.stringValue ?? "?",
            stuck: Int(data?["census"]?["counts"]?["stuck"]?.integerValue ?? 0),
            text: (data?["stuck_children"] ?? .null).text())
    }

    /// Acts as a person does who tries again while a runner is just looking at the saga.
    package func act(_ action: String, on id: String) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let answer = try await ask(.post, "/api/v1/sagas/\(id)/\(action)", Array(#"{"reason":"chaos"}"#.utf8))
            if answer.status == 200 { return }
            let isBusy = String(decoding: answer.body, as: UTF8.self).contains("busy")
            guard isBusy, ContinuousClock.now < deadline else { throw Self.unexpected("\(action) \(id)", answer) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// All that the API says about a saga.
    package func detail(of id: String, timeout: Duration = .seconds(30)) async throws -> JSONValue? {
        let answer = try await ask(.get, "/api/v1/sagas/\(id)", timeout: timeout)
        guard answer.status == 200 else { throw Self.unexpected("showing \(id)", answer) }
        return try JSONValue.parse(answer.body)["data"]
    }

    package static func unexpected(_ what: String, _ answer: HTTPResponse) -> TheatreFailure {
        TheatreFailure("\(what): \(answer.status) \(String(decoding: answer.body.prefix(500), as: UTF8.self))")
    }
}
