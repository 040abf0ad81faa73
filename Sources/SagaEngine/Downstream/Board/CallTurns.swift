/// Turns to begin a call in, evenly spaced: each begins at a moment, lasts a while, and is good for one call.
public struct CallTurns: Sendable, Equatable {
    /// When the first one begins, in nanoseconds since 1970-01-01T00:00:00Z.
    public var first: Int64
    /// How many there are.
    public var count: Int

    /// Takes turns as granted; none by default.
    public init(first: Int64 = 0, count: Int = 0) {
        self.first = first
        self.count = count
    }
}
