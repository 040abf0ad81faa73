/// Why a server did not start.
public enum HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The host is no numeric address.
    case badAddress(String)
    /// The port is taken.
    case addressInUse(String, UInt16)
    /// The system refuses the address; the number is its error.
    case cannotListen(String, UInt16, errno: Int32)
    /// A limit is out of its range; the text names it.
    case badLimit(String)
    /// libmicrohttpd did not start: the certificate or key is not valid PEM, or threads are short.
    case notStarted

    /// A bounded name for logs and metrics.
    public var code: String {
        switch self {
        case .badAddress: "http.server_bad_address"
        case .addressInUse: "http.server_address_in_use"
        case .cannotListen: "http.server_cannot_listen"
        case .badLimit: "http.server_bad_limit"
        case .notStarted: "http.server_not_started"
        }
    }

    /// The failure in words, with its remedy.
    public var description: String {
        switch self {
        case .badAddress(let host): "\(host) is no numeric address; write one such as 127.0.0.1 or ::1"
        case .addressInUse(let host, let port):
            "\(host) port \(port) is taken; stop what listens there or choose another"
        case .cannotListen(let host, let port, let errno):
            "the system refuses to listen at \(host) port \(port) (error \(errno)); choose another address"
        case .badLimit(let name): "the server's \(name) is out of its range; correct the configuration"
        case .notStarted: "the HTTP server did not start; check the certificate and key, and the thread limit"
        }
    }
}
