/// How a command ends, for the shell.
enum CommandStatus: Int32, Error, CaseIterable {
    case done = 0
    case failed = 1
    case wrongUsage = 2
    case notFound = 3
    case refused = 4

    /// What the status says, for help texts.
    var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .wrongUsage: "wrong usage"
        case .notFound: "not found"
        case .refused: "refused (permission, approval, state)"
        }
    }
}
