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
