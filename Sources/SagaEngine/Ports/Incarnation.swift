/// Which life of the data this is.
public struct Incarnation: Sendable, Equatable, Codable {
    /// 0 for data that was never restored; each restore adds one.
    public let number: Int
    /// When this life began, by the store's clock.
    public let since: Timestamp

    /// Names a life.
    public init(number: Int, since: Timestamp) {
        self.number = number
        self.since = since
    }

    /// Whether effects may exist out there that this data does not remember.
    public var mayHaveForgotten: Bool { number > 0 }
}
