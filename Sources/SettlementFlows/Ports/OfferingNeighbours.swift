/// Knows the other offerings in the same store, so that no two take the same money.
///
/// A counterparty's balance does not say whose it is: two offerings that each find their money in one account may have
/// found the same money.
public protocol OfferingNeighbours: Sendable {
    /// The other offerings that are sealed and have not ended, in the order in which they were sealed.
    ///
    /// Two offerings always come in the same order, whichever of them asks.
    func unsettled(besides offering: OfferingID) async throws(OfferingBookError) -> [NeighbourOffering]

    /// The lines of one of them that were paid from some escrow accounts, at most ``BookAccount/largestPage`` of them,
    /// in byte order of their investors.
    func claims(
        of neighbour: OfferingID, on accounts: [AccountID]
    ) async throws(OfferingBookError) -> [EscrowClaim]
}
