/// How the server treats the requests of one route.
public struct HTTPRouteOptions: Sendable {
    /// How the body reaches the handler.
    public var body: HTTPBodyMode
    /// Whether the connection ends with each answer, so that nothing can be smuggled behind a request.
    public var oneRequestPerConnection: Bool
    /// The time to receive headers and body; nil takes the server's.
    public var requestDeadline: Duration?
    /// Whether a share of the server's places is kept for this route and its like.
    public var isReserved = false
    /// Looks at a request's head before its body is taken in; an answer refuses it and ends the connection.
    public var admission: (@Sendable (HTTPServerRequest) -> HTTPServerResponse?)?

    /// Options; the defaults suit a JSON API.
    public init(
        body: HTTPBodyMode = .whole(limit: 1 << 20), oneRequestPerConnection: Bool = false,
        requestDeadline: Duration? = nil
    ) {
        self.body = body
        self.oneRequestPerConnection = oneRequestPerConnection
        self.requestDeadline = requestDeadline
    }
}
