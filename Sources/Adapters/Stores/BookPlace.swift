/// A place in a log of the books, in order of keys and then of time.
public struct BookPlace: Sendable, Equatable {
    /// The key of the last line seen.
    public let key: String
    /// Its number.
    public let number: Int64

    /// Before every line.
    public static let beginning = BookPlace(key: "", number: 0)

    /// Behind a line.
    public init(key: String, number: Int64) {
        self.key = key
        self.number = number
    }
}
