/// One request that has passed the server's guards.
public struct HTTPServerRequest: Sendable {
    /// The method; a `HEAD` may reach a `GET` route, whose body is then left out.
    public var method: HTTPMethod
    /// The path as sent, which is canonical and still percent-encoded; no query.
    public var path: String
    /// The decoded pairs of the query, in their order.
    public var query: [HTTPQueryItem]
    /// The decoded values of the route's `{names}`.
    public var parameters: [String: String]
    /// All header lines.
    public var headers: HTTPHeaders
    /// The exact bytes of the body; empty on a streamed route.
    public var body: [UInt8]
    /// The body of a streamed route, piece by piece.
    public var upload: HTTPUpload?
    /// The id that the answer carries as `X-Request-Id`.
    public var requestID: String
    /// The peer's numeric address.
    public var remoteAddress: String

    /// A request; tests make them too.
    public init(
        method: HTTPMethod, path: String, query: [HTTPQueryItem] = [], parameters: [String: String] = [:],
        headers: HTTPHeaders = [:], body: [UInt8] = [], upload: HTTPUpload? = nil, requestID: String = "-",
        remoteAddress: String = "127.0.0.1"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.parameters = parameters
        self.headers = headers
        self.body = body
        self.upload = upload
        self.requestID = requestID
        self.remoteAddress = remoteAddress
    }

    /// The first value of a query name.
    public func query(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// All values of a query name.
    public func queries(_ name: String) -> [String] {
        query.filter { $0.name == name }.map(\.value)
    }

    /// A path parameter; empty only if the route's pattern has no such name.
    public func parameter(_ name: String) -> String {
        parameters[name] ?? ""
    }

    /// A path parameter read as a type, or nil if its text is none.
    public func parameter<Value: LosslessStringConvertible>(_ name: String, as type: Value.Type) -> Value? {
        parameters[name].flatMap(type.init)
    }
}
