/// What PostgreSQL or the way to it reported: the kind that decides what to do, and text for the operator.
///
/// The text is the server's primary message, which names relations and columns; its detail, which may hold data, is
/// left
/// out, and so is the connection's address, which may hold a password.
struct PostgresError: Error, CustomStringConvertible {
    /// What kind of failure it is.
    enum Kind: String, Sendable, Equatable {
        /// The connection is gone or could not be made; whether a commit that was under way happened is not known.
        case connection
        /// Another transaction came in between (SQLSTATE class 40, or a lock that was not to be had in time): try
        /// again.
        case contention
        /// A statement has not met the rows it was meant for: what was read before has changed.
        case stale
        /// A row that must be the only one is there already: another transaction was quicker.
        case duplicate
        /// The server takes no writes.
        case readOnly
        /// No room: disk, memory or connections (SQLSTATE class 53).
        case resources
        /// A storage or index failure (SQLSTATE classes 58 and XX).
        case damage
        /// The server's schema is not what the statement expects.
        case schema
        /// A history that only grows was to be changed (raised by our own triggers).
        case guarded
        /// Anything else.
        case other
    }

    let kind: Kind
    /// The five characters of SQLSTATE; empty when the server sent none.
    let state: String
    let message: String
    /// Which statement of a pipeline failed, from 0.
    var place: Int?

    init(_ kind: Kind, _ message: String, state: String = "") {
        self.kind = kind
        self.message = message
        self.state = state
    }

    /// Reads the kind off an SQLSTATE (PostgreSQL's documentation, appendix A).
    init(state: String, message: String) {
        self.init(Self.kind(of: state), message, state: state)
    }

    var description: String { "postgres.\(kind.rawValue)\(state.isEmpty ? "" : " [\(state)]"): \(message)" }

    private static func kind(of state: String) -> Kind {
        switch state {
        case "23505": return .duplicate
        case "25006": return .readOnly
        case "55P03": return .contention
        // Our own statements divide by zero when they have not changed as many rows as they must.
        case "22012": return .stale
        // What an administrator or a shutdown ends is gone; what was being committed has to be looked up.
        case "57P01", "57P02", "57P03", "57P05", "25P03": return .connection
        case "SG001": return .guarded
        default: break
        }
        switch state.prefix(2) {
        case "08": return .connection
        case "40": return .contention
        case "42", "3F": return .schema
        case "53": return .resources
        case "58", "XX": return .damage
        default: return .other
        }
    }
}
