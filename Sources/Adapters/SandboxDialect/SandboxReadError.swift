public import SagaEngine

/// Why a sandbox counterparty's books could not be read, and whose they are.
public struct SandboxReadError: StepFault, Sendable, Equatable {
    /// What went wrong.
    public enum Cause: Sendable, Equatable {
        /// No answer came.
        case http(HTTPClientError)
        /// The answer was an error.
        case status(Int)
        /// The answer is not of the dialect.
        case dialect(SandboxDialectError)
    }

    /// Whose books.
    public let party: CounterpartyName
    /// What went wrong.
    public let cause: Cause

    init(_ party: CounterpartyName, _ cause: Cause) {
        self.party = party
        self.cause = cause
    }

    /// The bounded code for metrics and logs.
    public var code: String {
        switch cause {
        case .http(let error): error.code.rawValue
        case .status(let status): "http_\(status)"
        case .dialect(let error): error.code.rawValue
        }
    }

    /// The fault in words, with the counterparty's name.
    public var description: String {
        switch cause {
        case .http(let error): "the \(party)'s books could not be read: \(error)"
        case .status(let status): "the \(party)'s books could not be read: it answered \(status)"
        case .dialect(let error): "the \(party)'s books are not of the dialect: \(error)"
        }
    }
}
