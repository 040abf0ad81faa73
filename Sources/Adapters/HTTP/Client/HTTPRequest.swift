/// One request as data: nothing is added to it but framing, `Host` and `User-Agent`.
public struct HTTPRequest: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// The absolute `http` or `https` address, its path sent as written.
    public var url: String
    /// The header lines, without `Host`, `Content-Length`, `Transfer-Encoding`, `Connection` and `Expect`.
    public var headers: HTTPHeaders
    /// The exact bytes of the body.
    public var body: [UInt8]
    /// The time for the whole exchange, queueing included; nil takes the client's.
    public var timeout: Duration?
    /// Whether the body is sent in chunks, without its length up front.
    public var isChunked = false
    /// A file whose bytes are the body, read as they are sent, so that its size costs no memory; `body` is then empty.
    public var bodyFile: String?

    /// A request.
    public init(
        method: HTTPMethod, url: String, headers: HTTPHeaders = [:], body: [UInt8] = [], timeout: Duration? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}
