/// The neighbours of an offering that has its book to itself.
public struct NoNeighbours: OfferingNeighbours {
    /// Knows of nobody.
    public init() {}

    /// There are none.
    public func unsettled(besides offering: OfferingID) async throws(OfferingBookError) -> [NeighbourOffering] { [] }

    /// They claim nothing.
    public func claims(
        of neighbour: OfferingID, on accounts: [AccountID]
    ) async throws(OfferingBookError) -> [EscrowClaim] { [] }
}
