/// The address and limits of an HTTP server.
public struct HTTPServerConfiguration: Sendable {
    /// The numeric address to listen at; loopback unless told otherwise.
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose.
    public var port: UInt16 = 0
    /// The certificate; nil for plain HTTP.
    public var tls: HTTPServerTLS?
    /// The threads that read and write; handlers run elsewhere. The connection limit is divided among them.
    public var threads = 2
    /// The most connections; more wait in the listen queue.
    public var connectionLimit = 1024
    /// The most connections of one address; more are closed at once.
    public var perAddressLimit = 512
    /// The part of all places, and of one address's, that is kept for reserved routes: one in so many; 0 keeps none.
    public var reservedPart = 0
    /// How long a connection may be silent, rounded up to whole seconds.
    public var idleTimeout: Duration = .seconds(15)
    /// The time to receive headers and body, however busy the connection looks; routes may differ.
    public var requestDeadline: Duration = .seconds(20)
    /// The time for the peer to take the answer.
    public var responseDeadline: Duration = .seconds(30)
    /// The largest header section, request line included, in bytes; at most ``headerLimitCeiling``.
    public var headerLimit = 16 << 10
    /// How much of a streamed body is held before the peer is made to wait, in bytes.
    public var uploadBuffer = 256 << 10
    /// How fast a streamed body must come at least, in bytes per second over each ``uploadStretch``.
    public var uploadRate = 4 << 10
    /// The time over which ``uploadRate`` is measured, in whole seconds.
    public var uploadStretch: Duration = .seconds(10)
    /// How much of the body of a request that is not admitted is read and dropped before the answer, in bytes.
    public var refusedBodyLimit = 64 << 10
    /// How many bytes past a body's limit are read and dropped so that the peer can see the 413.
    public var drainLimit = 1 << 20
    /// Makes the id of a request that brings none: 1 to 64 letters, digits, `-`, `_` and `.`.
    public var requestIDs: @Sendable () -> String

    /// The largest ``headerLimit``: half of a connection's memory.
    public static let headerLimitCeiling = connectionMemory / 2
    static let connectionMemory = 64 << 10

    /// The defaults, with a generator of request ids.
    public init(requestIDs: (@Sendable () -> String)? = nil) {
        let counter = RequestCounter()
        self.requestIDs = requestIDs ?? { counter.next() }
    }
}
