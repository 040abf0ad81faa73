/// One load of one file into an offering book, from its beginning to its end.
public struct LoadID: Hashable, Sendable {
    /// The number the book gave it, from 1.
    public let number: Int64

    /// A load by its number.
    public init(_ number: Int64) {
        self.number = number
    }
}
