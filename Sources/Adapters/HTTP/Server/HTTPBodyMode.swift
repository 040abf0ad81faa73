/// How a body reaches the handler.
public enum HTTPBodyMode: Sendable, Equatable {
    /// The handler starts when all of it has come; the limit is in bytes, and one more is answered with 413.
    case whole(limit: Int)
    /// The handler starts at once and reads piece by piece; past the limit, in bytes, reading fails.
    case streamed(limit: Int)

    var limit: Int {
        switch self {
        case .whole(let limit), .streamed(let limit): limit
        }
    }
}
