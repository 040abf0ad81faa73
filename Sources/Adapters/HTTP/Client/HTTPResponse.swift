/// One complete answer, whatever its status.
public struct HTTPResponse: Sendable {
    /// The status code, 200 to 599.
    public let status: Int
    /// The header lines of the final answer.
    public let headers: HTTPHeaders
    /// The body, as sent: no content coding is asked for or undone.
    ///
    /// One without a length or chunks ends where the connection does, so a cut there is seen only by what reads the
    /// body.
    public let body: [UInt8]
    /// How long the exchange took, queueing excluded.
    public let elapsed: Duration

    /// An answer; tests and mocks make them too.
    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], elapsed: Duration = .zero) {
        self.status = status
        self.headers = headers
        self.body = body
        self.elapsed = elapsed
    }
}
