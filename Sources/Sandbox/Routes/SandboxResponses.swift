internal import Adapters
internal import SagaEngine

/// What goes over the wire for each kind of answer.
enum SandboxResponses {
    /// Larger than the 8 MiB that our own client reads.
    static let floodBytes = 9 << 20

    static var cut: HTTPServerResponse {
        var response = HTTPServerResponse(status: 500)
        response.cutsConnection = true
        return response
    }

    static func response(_ answer: PartyReply.Answer) -> HTTPServerResponse {
        switch answer {
        case .document(let document):
            var response = HTTPServerResponse.json(document.status, document.body)
            if let delay = document.retryAfter {
                response.headers.add("Retry-After", String((delay.milliseconds + 999) / 1_000))
            }
            return response
        case .garbage: return .json(200, Array("<html>an answer of somebody else".utf8))
        case .flood: return .json(200, [UInt8](repeating: UInt8(ascii: " "), count: floodBytes))
        case .cut: return cut
        }
    }

    static func badRequest(_ message: String) -> HTTPServerResponse {
        .json(400, SandboxDialect.failure(code: "bad_request", message: message, reference: nil))
    }

    static func notFound(_ message: String) -> HTTPServerResponse {
        .json(404, SandboxDialect.failure(code: "not_found", message: message, reference: nil))
    }
}
