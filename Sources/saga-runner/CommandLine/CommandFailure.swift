/// Why a command did not do what it was asked for, and what to do about it.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
    /// How the command ends.
    let status: CommandStatus
    /// The thing, the place and the remedy.
    let description: String

    init(_ status: CommandStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
