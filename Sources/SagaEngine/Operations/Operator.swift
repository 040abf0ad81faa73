/// Who acts, as the choke point checks and prints it.
public struct Operator: Sendable, Equatable {
    /// The person's or machine's name.
    public let name: String
    /// In which role they act.
    public let role: Role

    /// What an actor may do.
    public enum Role: String, Sendable, Codable, CaseIterable, Comparable {
        /// Look.
        case viewer
        /// Act on sagas and notices, start settlements.
        case `operator`
        /// Everything.
        case admin

        /// Orders roles by what they may do.
        public static func < (left: Role, right: Role) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .viewer: 0
            case .operator: 1
            case .admin: 2
            }
        }
    }

    /// Names an actor.
    public init(name: String, role: Role) {
        self.name = name
        self.role = role
    }
}

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
