/// One answer; the server adds framing, `Date` and `X-Request-Id`.
public struct HTTPServerResponse: Sendable {
    /// The status code, 200 to 599.
    public var status: Int
    /// The header lines, without `Content-Length`, `Transfer-Encoding`, `Connection` and `Date`.
    public var headers: HTTPHeaders
    /// The body.
    public var body: [UInt8]
    /// Whether the connection ends with this answer.
    public var closesConnection = false
    /// Whether the connection is closed without any answer, as a peer that dies does.
    public var cutsConnection = false

    /// An answer.
    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A plain text.
    public static func text(_ status: Int, _ text: String) -> HTTPServerResponse {
        HTTPServerResponse(
            status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// An encoded JSON document.
    public static func json(_ status: Int, _ body: [UInt8]) -> HTTPServerResponse {
        HTTPServerResponse(status: status, headers: ["Content-Type": "application/json"], body: body)
    }

    /// The failure document of the API; code and message are literals of ours, without quotes or control characters.
    static func failure(_ status: Int, code: StaticString, message: StaticString, requestID: String)
        -> HTTPServerResponse
    {
        json(
            status,
            Array(#"{"error":{"code":"\#(code)","message":"\#(message)","request_id":"\#(requestID)"}}"#.utf8))
    }
}
