public import SagaEngine

/// Why a sandbox counterparty's books could not be read.
public enum SandboxReadError: StepFault, Sendable, Equatable {
    /// No answer came.
    case http(HTTPClientError)
    /// The answer was an error.
    case status(Int)
    /// The answer is not of the dialect.
    case dialect(SandboxDialectError)

    /// The bounded code for metrics and logs.
    public var code: String {
        switch self {
        case .http(let error): error.code.rawValue
        case .status(let status): "http_\(status)"
        case .dialect(let error): error.code.rawValue
        }
    }

    /// The fault in words.
    public var description: String {
        switch self {
        case .http(let error): "the counterparty's books could not be read: \(error)"
        case .status(let status): "the counterparty's books could not be read: it answered \(status)"
        case .dialect(let error): "the counterparty's books are not of the dialect: \(error)"
        }
    }
}
