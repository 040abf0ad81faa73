/// What a gate tells and asks for when it comes to the board.
public struct BoardVisit: Sendable, Equatable {
    /// Counts a gate's visits; of two, the board may meet the later one first.
    public let number: Int64
    /// The runner's name, for people on other runners.
    public let runner: String
    /// The epoch of the lease under which room for money is used up; `nil` while there is none.
    public let lease: Int64?
    /// When it was drawn up, by the store's clock.
    public let at: Timestamp
    /// What it says of each counterparty, in the order of their names.
    public let parties: [PartyAsk]
    /// The room it asks for or gives back, in the order of the assets.
    public let rooms: [RoomAsk]

    /// Draws up a visit.
    public init(
        number: Int64, runner: String, lease: Int64?, at: Timestamp, parties: [PartyAsk], rooms: [RoomAsk] = []
    ) {
        self.number = number
        self.runner = runner
        self.lease = lease
        self.at = at
        self.parties = parties
        self.rooms = rooms
    }
}
