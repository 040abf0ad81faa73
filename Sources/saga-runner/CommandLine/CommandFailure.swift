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
    /// Under which the daemon's log has more.
    let requestID: String?

    init(
        _ status: CommandStatus, _ description: String, details: JSONValue? = nil, code: String? = nil,
        requestID: String? = nil
    ) {
        self.requestID = requestID
        self.status = status
        self.description = description
        self.details = details
        self.code = code
    }

    /// The same in other words.
    func saying(_ words: String) -> CommandFailure {
        CommandFailure(status, words, details: details, code: code, requestID: requestID)
    }

    /// The same, with the file that it is about.
    func about(_ path: String) -> CommandFailure { saying("\(path): \(description)") }
}
