/// A method and a path pattern with what answers them.
struct HTTPRoute: Sendable {
    let method: HTTPMethod
    let pattern: PathPattern
    let options: HTTPRouteOptions
    let handler: HTTPHandler

    /// Answers 404.
    static let notFound = HTTPRoute(
        method: .get, pattern: PathPattern("/"), options: HTTPRouteOptions(body: .whole(limit: 64 << 10))
    ) { request in
        .failure(404, code: "http.not_found", message: "There is nothing at this path.", requestID: request.requestID)
    }

    /// Answers 405 and names the methods the path has.
    static func methodNotAllowed(_ methods: [HTTPMethod]) -> HTTPRoute {
        HTTPRoute(
            method: .get, pattern: PathPattern("/"), options: HTTPRouteOptions(body: .whole(limit: 64 << 10))
        ) { request in
            var response = HTTPServerResponse.failure(
                405, code: "http.method_not_allowed", message: "This path does not take this method; see Allow.",
                requestID: request.requestID)
            let implied = methods.contains(.get) && !methods.contains(.head) ? [HTTPMethod.head] : []
            response.headers.add("Allow", (methods + implied).map(\.rawValue).sorted().joined(separator: ", "))
            return response
        }
    }
}
