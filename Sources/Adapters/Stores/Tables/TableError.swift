/// What a database refused, as far as those who write to tables decide on it.
public protocol TableError: Error {
    /// The bounded code for metrics and logs, such as `sqlite.busy`.
    var code: String { get }

    /// Whether two rows would have had the same key.
    var isUniqueViolation: Bool { get }

    /// Whether the same may succeed when it is tried again later, perhaps after someone has made room.
    var isPassing: Bool { get }
}
