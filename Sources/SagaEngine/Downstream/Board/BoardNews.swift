/// What a gate hears at the board.
public struct BoardNews: Sendable, Equatable {
    /// How each counterparty of the visit stands, in its order.
    public let parties: [PartyNews]
    /// The room that is the visitor's from now on, for each asset of the visit, in its order.
    public let rooms: [Int128]

    /// States news.
    public init(parties: [PartyNews], rooms: [Int128] = []) {
        self.parties = parties
        self.rooms = rooms
    }
}
