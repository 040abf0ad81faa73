/// What a gate keeps of its room for money in flight, and what more of it the gate wants.
public struct RoomAsk: Sendable, Equatable {
    /// The asset's code.
    public let asset: String
    /// The most that may be at stake, by all runners together.
    public let limit: Int128
    /// What the gate keeps of the room that is its own; the rest it gives back.
    public let keep: Int128
    /// How much more it wants; it may get less.
    public let more: Int128
    /// With less than this it could do nothing.
    public let least: Int128

    /// Asks for room.
    public init(asset: String, limit: Int128, keep: Int128, more: Int128 = 0, least: Int128 = 0) {
        self.asset = asset
        self.limit = limit
        self.keep = keep
        self.more = more
        self.least = least
    }
}
