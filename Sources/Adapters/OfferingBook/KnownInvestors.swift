internal import SagaEngine

/// Walks an offering's investors in byte order beside another walk in the same order.
struct KnownInvestors {
    static let query = "SELECT investor_id FROM offering_investor_key WHERE load = ? ORDER BY investor_id"

    private let walk: any TableWalk
    private var listed: String?

    /// Begins at the first of a walk through the query.
    init(_ walk: any TableWalk) throws {
        self.walk = walk
        listed = try walk.next()?.text(0)
    }

    /// Whether the investor is listed; ids must be asked for in rising order.
    mutating func contains(_ investor: String) throws -> Bool {
        while let listed {
            if listed.isSameBytes(as: investor) { return true }
            if !listed.utf8.lexicographicallyPrecedes(investor.utf8) { return false }
            self.listed = try walk.next()?.text(0)
        }
        return false
    }
}
