/// Answers a request that the router has matched.
public typealias HTTPHandler = @Sendable (HTTPServerRequest) async -> HTTPServerResponse

/// Chooses the handler of a request by method and exact path.
public struct Router: Sendable {
    private var routes: [HTTPRoute] = []

    /// A router that answers everything with 404.
    public init() {}

    /// Adds a route.
    ///
    /// - Parameters:
    ///   - method: the method; a `GET` route answers `HEAD` too unless another does.
    ///    - pattern: an absolute path whose segments are literals or `{name}`, each of which takes one non-empty
    ///     segment. A literal is preferred over a name.
    ///   - options: how its requests are received.
    ///   - handler: what answers them.
    public mutating func on(
        _ method: HTTPMethod, _ pattern: String, options: HTTPRouteOptions = HTTPRouteOptions(),
        _ handler: @escaping HTTPHandler
    ) {
        let pattern = PathPattern(pattern)
        precondition(
            !routes.contains { $0.method == method && $0.pattern == pattern },
            "two routes answer \(method.rawValue) \(pattern); remove one")
        routes.append(HTTPRoute(method: method, pattern: pattern, options: options, handler: handler))
    }

    /// The route of a request; one that answers 404 or 405 if there is none.
    func route(_ method: HTTPMethod, _ segments: [String]) -> (route: HTTPRoute, parameters: [String: String]) {
        let matches = routes.compactMap { route in
            route.pattern.match(segments).map { (route: route, parameters: $0) }
        }
        // Fewest names first: a literal segment wins over a name in the same place.
        let best = matches.map(\.parameters.count).min()
        let candidates = matches.filter { $0.parameters.count == best }
        if let exact = candidates.first(where: { $0.route.method == method }) { return exact }
        if method == .head, let reading = candidates.first(where: { $0.route.method == .get }) { return reading }
        guard !candidates.isEmpty else { return (.notFound, [:]) }
        return (.methodNotAllowed(candidates.map(\.route.method)), [:])
    }
}
