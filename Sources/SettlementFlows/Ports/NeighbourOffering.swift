/// Another offering in the same store that has not ended.
public struct NeighbourOffering: Hashable, Sendable {
    /// Its terms.
    public let offering: Offering
    /// Whether it was sealed before the offering that asks.
    public let isEarlier: Bool
    /// Whether it moves money: past its point of no return, or called off and refunding.
    public let isMoving: Bool

    /// States a neighbour.
    public init(offering: Offering, isEarlier: Bool, isMoving: Bool) {
        self.offering = offering
        self.isEarlier = isEarlier
        self.isMoving = isMoving
    }
}
