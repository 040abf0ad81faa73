/// Why a request is refused before any handler sees it.
enum RequestRefusal: Error, Sendable, CaseIterable {
    case framing
    case repeatedHeader
    case badHeader
    case badTarget
    case headersTooLarge
    case unknownMethod
    case tooLarge
    case stopping
    case crowded

    var status: Int {
        switch self {
        case .framing, .repeatedHeader, .badHeader, .badTarget: 400
        case .headersTooLarge: 431
        case .unknownMethod: 501
        case .tooLarge: 413
        case .stopping, .crowded: 503
        }
    }

    func response(requestID: String) -> HTTPServerResponse {
        var response = HTTPServerResponse.failure(status, code: code, message: message, requestID: requestID)
        response.closesConnection = true
        if status == 503 { response.headers.add("Retry-After", "1") }
        return response
    }

    private var code: StaticString {
        switch self {
        case .framing: "http.framing"
        case .repeatedHeader: "http.repeated_header"
        case .badHeader: "http.bad_header"
        case .badTarget: "http.bad_target"
        case .headersTooLarge: "http.headers_too_large"
        case .unknownMethod: "http.unknown_method"
        case .tooLarge: "http.too_large"
        case .stopping: "http.stopping"
        case .crowded: "http.crowded"
        }
    }

    private var message: StaticString {
        switch self {
        case .framing: "Where the request ends is not beyond doubt."
        case .repeatedHeader: "A header that may stand once stands twice."
        case .badHeader: "A header line is malformed."
        case .badTarget: "The path or query is not in canonical form."
        case .headersTooLarge: "The header section is too large."
        case .unknownMethod: "The method is unknown."
        case .tooLarge: "The body is larger than this path takes."
        case .stopping: "The server is stopping; send the request again later."
        case .crowded: "All places for requests of this kind are taken; send the request again later."
        }
    }
}
