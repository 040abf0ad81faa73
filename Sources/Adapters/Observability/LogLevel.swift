/// How much a log line matters.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
    /// Every step of every saga.
    case debug
    /// What an operator wants to have read.
    case info
    /// Something that may need a person.
    case warning
    /// Something that does.
    case error

    /// Orders levels by weight.
    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}
