/// Another offering in the same store that has not ended.
public struct NeighbourOffering: Hashable, Sendable {
    /// Its terms.
    public let offering: Offering
    /// Whether it was sealed before the offering that asks.
    public let isEarlier: Bool
    /// Whether it is past its point of no return: it moves money forward, or back after it was called off.
    public let isMoving: Bool

    /// States a neighbour.
    public init(offering: Offering, isEarlier: Bool, isMoving: Bool) {
        self.offering = offering
        self.isEarlier = isEarlier
        self.isMoving = isMoving
    }

    /// Whether the offering that asks leaves it its money, and waits for it where both cannot go on.
    public var comesFirst: Bool { isEarlier || isMoving }

    /// Whether both make the same token into the same treasury: one sale under two ids, or two sales of one token.
    public func makesSameToken(as other: Offering) -> Bool {
        offering.tokenAsset == other.tokenAsset && offering.treasuryAccount == other.treasuryAccount
    }
}
