internal import SagaEngine

/// Why a command did not do what it was asked for, and what to do about it.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
    /// How the command ends.
    let status: CommandStatus
    /// The thing, the place and the remedy.
    let description: String
    /// What a daemon's answer says besides; nothing when no daemon was asked.
    let details: JSONValue?
    /// The code of a daemon's refusal; nothing when no daemon has refused.
    let code: String?

    init(_ status: CommandStatus, _ description: String, details: JSONValue? = nil, code: String? = nil) {
        self.status = status
        self.description = description
        self.details = details
        self.code = code
    }
}
