public import Adapters

/// Why the sandbox cannot run.
public enum SandboxError: Error, Sendable, CustomStringConvertible {
    /// A journal could not be opened, read or written.
    case journal(path: String, operation: String, number: Int32)
    /// A journal holds a line that is no event.
    case badLine(path: String, line: Int)
    /// An offering's files could not be read or are wrong.
    case offering(path: String, reason: String)
    /// The port could not be bound.
    case server(HTTPServerError)
    /// The client for callbacks could not start.
    case client(HTTPClientError)

    /// The bounded code for metrics and logs.
    public var code: String {
        switch self {
        case .journal: "sandbox.journal"
        case .badLine: "sandbox.bad_line"
        case .offering: "sandbox.offering"
        case .server: "sandbox.server"
        case .client: "sandbox.client"
        }
    }

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .journal(let path, "create", 2):
            "the folder that \(path) would be in does not exist; mkdir -p \(path), and start again"
        case .journal(let path, let operation, let number):
            "the journal \(path) cannot be used (\(operation), errno \(number)); see to its directory and start again"
        case .badLine(let path, let line):
            "\(path):\(line): this line is no event of the sandbox; take the journal away or mend the line"
        case .offering(let path, let reason): "\(path): \(reason)"
        case .server(let error): "the sandbox cannot listen: \(error)"
        case .client(let error): "the sandbox cannot send callbacks: \(error)"
        }
    }
}
