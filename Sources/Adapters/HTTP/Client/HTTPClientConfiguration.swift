/// The limits of an HTTP client; each has a default that suits a counterparty's API.
public struct HTTPClientConfiguration: Sendable {
    /// The time to resolve, connect and finish the TLS handshake.
    public var connectTimeout: Duration = .seconds(5)
    /// The time from the start of sending to the first byte of the answer.
    public var firstByteTimeout: Duration = .seconds(20)
    /// The time for the whole exchange, queueing included.
    public var totalTimeout: Duration = .seconds(30)
    /// The largest body of an answer, in bytes.
    public var responseLimit = 8 << 20
    /// The largest header section of an answer, in bytes.
    public var headerLimit = 64 << 10
    /// The most exchanges at once.
    public var inFlightLimit = 256
    /// The most requests that wait for one of them to end.
    public var waitingLimit = 4096
    /// The most idle connections kept.
    public var idleConnectionLimit = 256
    /// How long an idle connection may be used again, in whole seconds, at least one; below the peers' own idle
    /// timeouts, so that few die in use.
    public var idleConnectionAge: Duration = .seconds(10)
    /// A PEM file of the authorities to trust instead of the system's.
    public var caFile: String?
    /// The `User-Agent` header.
    public var userAgent = "saga-runner"

    /// The defaults.
    public init() {}

    var isUsable: Bool {
        inFlightLimit > 0 && waitingLimit >= 0 && responseLimit >= 0 && headerLimit > 0 && idleConnectionLimit > 0
            && min(connectTimeout, firstByteTimeout, totalTimeout, idleConnectionAge) > .zero
    }
}
