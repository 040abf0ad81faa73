/// What the board has on an asset: the room of each runner to put more at stake, and the rules by which that changes.
///
/// What is at stake by the store, and all rooms together, are no more than the limit whenever room is granted. Whoever
/// uses room up gives it back only after the store has the intent: it counts twice for a while, and never not at all.
public struct RoomPage: Sendable, Equatable {
    /// A runner's room.
    public struct Room: Sendable, Equatable {
        /// The last visit that changed it.
        public let visit: Int64
        /// In indivisible units.
        public let amount: Int128

        /// Describes a runner's room.
        public init(visit: Int64, amount: Int128) {
            self.visit = visit
            self.amount = amount
        }
    }

    /// By the epoch of the lease under which a runner uses it up. A lease that is over must be taken out only once
    /// nothing can be committed under it any more, and before it is looked at what is at stake.
    public var rooms: [Int64: Room]

    /// A page with the rooms that there are.
    public init(rooms: [Int64: Room] = [:]) {
        self.rooms = rooms
    }

    /// Takes room back and grants room.
    ///
    /// - Parameters:
    ///   - ask: What the runner keeps and wants.
    ///   - epoch: Its lease's, which is not over.
    ///   - visit: The number of its visit; one that comes after a later one changes nothing.
    ///   - atStake: What the store says, looked at after all rooms.
    /// - Returns: How much is the runner's from now on.
    public mutating func receive(_ ask: RoomAsk, under epoch: Int64, visit: Int64, atStake: Int128) -> Int128 {
        let own = rooms[epoch]
        if let own, own.visit >= visit { return 0 }
        // Nobody has more room than was noted: what was kept is kept of what stands here.
        let kept = min(ask.keep, own?.amount ?? 0)
        let others = rooms.reduce(Int128(0)) { $1.key == epoch ? $0 : $0 + $1.value.amount }
        let left = ask.limit - atStake - others - kept
        let granted = ask.more > 0 && left >= max(1, ask.least) ? min(ask.more, left) : 0
        rooms[epoch] = Room(visit: visit, amount: kept + granted)
        return kept + granted
    }
}
