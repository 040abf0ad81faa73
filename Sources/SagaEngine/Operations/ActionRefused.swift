/// Why an operator's action was refused; nothing was changed but the print of the attempt.
public struct ActionRefused: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of refusal.
    public let code: Code
    /// What is wrong and what would be right, for the operator.
    public let message: String

    /// The kinds of refusal.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// There is no such saga, stage, line or notice.
        case notFound = "not_found"
        /// The actor's role does not allow it.
        case forbidden
        /// It would need a second person.
        case needsSecondPerson = "needs_second_person"
        /// The saga has moved on since the actor looked.
        case stale
        /// A runner is working on the saga just now.
        case busy
        /// The saga is not in a state for this.
        case state
        /// The request makes no sense.
        case invalid
    }

    /// Refuses.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Code and message.
    public var description: String { "\(code.rawValue): \(message)" }
}
